"""Lambda's API, corrected where moto answers otherwise than AWS does."""

from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaBackend, LambdaFunction

KEPT_SETTINGS = (
    "EphemeralStorage",
    "FileSystemConfigs",
    "KMSKeyArn",
    "LoggingConfig",
    "SnapStart",
    "TracingConfig",
)


def functions_keep_their_settings() -> None:
    """What a function was given comes back, and its log goes where that says."""
    create = LambdaFunction.__init__
    update = LambdaFunction.update_configuration
    get = LambdaFunction.get_configuration

    def kept(settings: dict[str, Any]) -> dict[str, Any]:
        return {name: settings[name] for name in KEPT_SETTINGS if settings.get(name)}

    def corrected_create(
        self: LambdaFunction,
        account_id: str,
        spec: dict[str, Any],
        region: str,
        version: str | int = 1,
    ) -> None:
        create(self, account_id, spec, region, version)
        self.kept_settings = kept(spec)
        self.logs_group_name = spec.get("LoggingConfig", {}).get("LogGroup", self.logs_group_name)

    def corrected_update(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        self.kept_settings = kept({**self.kept_settings, **config_updates})
        return update(self, config_updates)

    def corrected_get(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        config = {**get(self, on_create), **self.kept_settings}
        if not any(config.get("ImageConfigResponse", {}).get("ImageConfig", {}).values()):
            config.pop("ImageConfigResponse", None)
        return config

    LambdaFunction.__init__ = corrected_create
    LambdaFunction.update_configuration = corrected_update
    LambdaFunction.get_configuration = corrected_get


def asynchronous_settings_are_replaced() -> None:
    """Of what becomes of asynchronous calls, what was said last holds."""
    put = LambdaBackend.put_function_event_invoke_config

    def corrected(self: LambdaBackend, function_name: str, config: dict[str, Any]) -> Any:
        self.get_function(function_name).event_invoke_config = []
        return put(self, function_name, config)

    LambdaBackend.put_function_event_invoke_config = corrected


def event_sources_name_the_alias() -> None:
    """An event source made for an alias answers with the alias, not with the version behind it."""
    get = EventSourceMapping.get_configuration
    update = LambdaBackend.update_event_source_mapping

    def corrected_get(self: EventSourceMapping) -> dict[str, Any]:
        config = get(self)
        if self.function_name.startswith("arn:"):
            config["FunctionArn"] = self.function_name
        return config

    def corrected_update(self: LambdaBackend, uuid: str, spec: dict[str, Any]) -> Any:
        mapping = update(self, uuid, spec)
        if mapping is not None and "FunctionName" in spec:
            mapping.function_name = spec["FunctionName"]
        return mapping

    EventSourceMapping.get_configuration = corrected_get
    LambdaBackend.update_event_source_mapping = corrected_update
