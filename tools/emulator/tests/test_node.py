"""Functions for Node.js run with the machine's."""

import pytest

from emulator.tests.support import Functions, zipped

NODE = {"Runtime": "nodejs22.x", "Handler": "index.handler"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("index.js", "exports.handler = async (event) => event.tea + 1;"),
        ("index.js", "exports.handler = (event, context, done) => done(null, event.tea + 1);"),
        ("index.cjs", "module.exports.handler = async (event) => event.tea + 1;"),
        ("index.mjs", "export const handler = async (event) => event.tea + 1;"),
        ("index.mjs", "export default { handler: (event) => Promise.resolve(event.tea + 1) };"),
    ],
)
def test_every_kind_of_handler_is_called(functions: Functions, name: str, code: str) -> None:
    functions.make({name: code}, **NODE)
    assert functions.call(event={"tea": 1}) == (None, 2)


def test_the_context_has_its_fields(functions: Functions) -> None:
    code = (
        "export const handler = async (event, context) => ({ ...context,"
        " left: context.getRemainingTimeInMillis() > 2000, inherited: process.env.HOME ?? null })"
    )
    functions.make({"index.mjs": code}, Timeout=5, **NODE)
    _, fields = functions.call()
    assert len(fields.pop("awsRequestId")) == 36
    assert fields.pop("logStreamName").split("]")[0].endswith("/[$LATEST")
    assert fields == {
        "callbackWaitsForEmptyEventLoop": True,
        "functionName": "tested",
        "functionVersion": "$LATEST",
        "invokedFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:tested",
        "memoryLimitInMB": "128",
        "logGroupName": "/aws/lambda/tested",
        "left": True,
        "inherited": None,
    }


def test_layers_are_found_from_both_kinds_of_modules(functions: Functions) -> None:
    package = {
        "nodejs/node_modules/tea/package.json": '{"name": "tea", "main": "tea.js"}',
        "nodejs/node_modules/tea/tea.js": "module.exports = 'green';",
    }
    layer = functions.lambdas.publish_layer_version(
        LayerName="tea", Content={"ZipFile": zipped(package)}
    )
    layers = [layer["LayerVersionArn"]]
    common = "const tea = require('tea'); exports.handler = async () => tea;"
    module = "import tea from 'tea'; export const handler = async () => tea;"
    functions.make({"index.js": common}, FunctionName="common", Layers=layers, **NODE)
    functions.make({"index.mjs": module}, FunctionName="module", Layers=layers, **NODE)
    assert functions.call("common") == (None, "green")
    assert functions.call("module") == (None, "green")


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        (
            "exports.handler = async () => { throw new RangeError('no tea') };",
            "RangeError",
            "no tea",
        ),
        ("exports.handler = (e, c, done) => done(new Error('no tea'));", "Error", "no tea"),
        (
            "exports.other = 1;",
            "Runtime.HandlerNotFound",
            "index.handler is undefined or not exported",
        ),
        (
            "exports.handler = async () => process.exit(4);",
            "Runtime.ExitError",
            "Runtime exited with error: exit status 4",
        ),
        (
            "exports.handler = () => { setTimeout(() => { throw new TypeError('late') }) };",
            "TypeError",
            "late",
        ),
    ],
)
def test_errors_are_as_in_lambda(functions: Functions, code: str, kind: str, message: str) -> None:
    functions.make({"index.js": code}, **NODE)
    failed, error = functions.call()
    assert (failed, error["errorType"]) == ("Unhandled", kind)
    assert error["errorMessage"].split(" Error: ")[-1] == message


def test_a_missing_package_is_named(functions: Functions) -> None:
    functions.make({"index.js": "require('tea');"}, **NODE)
    _, error = functions.call()
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"].splitlines()[0] == "Error: Cannot find module 'tea'"


def test_the_console_is_the_log(functions: Functions) -> None:
    code = "exports.handler = async () => { console.warn('no %s', 'tea') };"
    functions.make({"index.js": code}, **NODE)
    answer = functions.lambdas.invoke(FunctionName="tested", LogType="Tail")
    lines = functions.tail(answer)
    request = answer["ResponseMetadata"]["RequestId"]
    assert lines[1].split("\t")[1:] == [request, "WARN", "no tea"]
