"""The command that runs a version of a function, and the environment that it runs in."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator import natives, packages
from emulator.runtimes import CannotRunError, find_node, find_python, own_python

BOOTSTRAPS = Path(__file__).parent / "bootstraps"
TREE = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Command:
    """The program that runs a version of a function, and its environment."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
    # Said where it runs otherwise than in Lambda.
    remark: str = ""


def command_for(function: Any, layers: Any) -> Command:
    """Returns how a version of a function is run. Throws CannotRunError where it is not."""
    if function.package_type == "Image":
        raise CannotRunError(
            "it is a container image, and the local platform runs functions from zip archives."
        )
    code = packages.unpacked(function.code_bytes)
    opt = packages.unpacked(*packages.layer_archives(function, layers))
    python, node = packages.runtime_packages(TREE)
    runtime = str(function.run_time)
    if runtime.startswith("python"):
        arguments, own, remark = _python(runtime.removeprefix("python"), code, opt, python)
    elif runtime.startswith("nodejs"):
        arguments, own, remark = _node(runtime, opt, node)
    elif runtime.startswith("provided"):
        arguments, own, remark = _custom(code, opt)
    else:
        raise CannotRunError(
            f"the runtime {runtime} does not run on the local platform; python, nodejs and "
            "provided do."
        )
    variables = {**own, **(function.environment_vars or {})}
    wrapper = variables.get("AWS_LAMBDA_EXEC_WRAPPER")
    if wrapper is not None:
        arguments = (wrapper.replace("/opt", str(opt), 1), *arguments)
    return Command(arguments, {**variables, **_reserved(function, code)}, code, remark)


def _python(
    version: str, code: Path, opt: Path, runtime: Path
) -> tuple[tuple[str, ...], dict[str, str], str]:
    program, remark = find_python(version), ""
    if program is None:
        program = own_python()
        remark = f"there is no Python {version} here, so it runs with Python {program.version}"
        if not natives.works_in([code, opt]):
            raise CannotRunError(
                f"there is no Python {version} on this machine, downloading it with uv failed, and "
                f"Python {program.version} can't read its code. Install it (uv python install "
                f"{version}, pyenv install {version}, or with your package manager), then make "
                "down and make up."
            )
    wheels = natives.exchanged([code, opt], program)
    folders = [str(folder) for folder in (opt, runtime, wheels) if folder is not None]
    arguments = (program.path, "-S", str(BOOTSTRAPS / "python.py"), *folders)
    return arguments, _search_paths(program.path, opt), remark


def _node(runtime: str, opt: Path, modules: Path) -> tuple[tuple[str, ...], dict[str, str], str]:
    program = find_node()
    major = runtime.removeprefix("nodejs").removesuffix(".x")
    paths = [opt / "nodejs" / f"node{major}" / "node_modules", opt / "nodejs" / "node_modules"]
    node_path = os.pathsep.join(map(str, [*paths, modules]))
    here = program.version.removeprefix("v").split(".")[0]
    remark = "" if here == major else f"Node.js here is {program.version}, so it runs with that"
    variables = {**_search_paths(program.path, opt), "NODE_PATH": node_path}
    return (program.path, str(BOOTSTRAPS / "node.mjs")), variables, remark


def _custom(code: Path, opt: Path) -> tuple[tuple[str, ...], dict[str, str], str]:
    for folder in (code, opt):
        path = folder / "bootstrap"
        if not path.exists():
            continue
        if natives.unfit([path.parent]) and path in natives.unfit([path.parent]):
            raise CannotRunError(
                f"its bootstrap is built for another machine than this one "
                f"({' '.join(natives.this_machine())}). Build it for this one."
            )
        return (str(path),), _search_paths("/usr/bin/env", opt), ""
    raise CannotRunError(
        "there is no file named bootstrap in its package, which its runtime needs."
    )


def _search_paths(program: str, opt: Path) -> dict[str, str]:
    own = str(Path(program).parent)
    return {
        "PATH": os.pathsep.join([own, "/usr/local/bin", "/usr/bin", "/bin", f"{opt}/bin"]),
        "LD_LIBRARY_PATH": f"{opt}/lib",
    }


def _reserved(function: Any, code: Path) -> dict[str, str]:
    """The variables that Lambda sets, whatever the function's own say.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    logging = getattr(function, "kept_settings", {}).get("LoggingConfig", {})
    json = logging.get("LogFormat") == "JSON"
    level = logging.get("ApplicationLogLevel", "INFO")
    return {
        "_HANDLER": str(function.handler),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": version_of(function),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
        **({"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level} if json else {}),
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LAMBDA_TASK_ROOT": str(code),
        "LAMBDA_RUNTIME_DIR": str(BOOTSTRAPS),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        **own_access(function.region),
    }


def own_access(region: str) -> dict[str, str]:
    """Returns what a function needs to find this emulator."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def version_of(function: Any) -> str:
    """Returns a version's name; moto names the newest code by the number 1."""
    published = str(function.function_arn).rpartition(":")[2]
    return published if published == str(function.version) else "$LATEST"
