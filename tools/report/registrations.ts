/** What the engine was given for a resource, secrets in plain text. */
export interface Registration {
  readonly urn: string;
  readonly properties: unknown;
}

/** A line of the log that the engine writes of its calls. */
interface Call {
  readonly method?: string;
  readonly progress?: string;
  readonly request?: {
    readonly urn?: string;
    readonly news?: unknown;
    readonly outputs?: unknown;
  };
}

/**
 * The inputs of resources, as providers are asked to check them, and the outputs of components and
 * of the stack.
 *
 * @param calls the file that `PULUMI_DEBUG_GRPC` names
 * @see https://www.pulumi.com/docs/iac/cli/environment-variables/
 */
export function registrationsIn(calls: string): readonly Registration[] {
  return calls.split("\n").flatMap((line) => {
    if (!/\/(Check|RegisterResourceOutputs)"/.test(line)) return [];
    const { progress, request: { urn, news, outputs } = {} } = JSON.parse(line) as Call;
    // A call is written twice: when it begins and when it ends.
    return urn === undefined || progress !== "request_started"
      ? []
      : [{ urn, properties: news ?? outputs }];
  });
}
