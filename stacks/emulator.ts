import type * as pulumi from "@pulumi/pulumi";

/**
 * What the AWS emulator does not give back as it got it, by resource type. It would seem to have
 * changed at every update, so on the local platform changes of these are passed over: they are
 * sent when the resource is made, and what they should be is tested with mocks.
 */
const notKept: Readonly<Record<string, readonly string[]>> = {
  // moto 5.2 answers for a function without its log settings,
  "aws:lambda/function:Function": ["loggingConfig"],
  // and for an event source with the version behind the alias instead of the alias.
  "aws:lambda/eventSourceMapping:EventSourceMapping": ["functionName"],
};

/** What the local platform leaves out, for whoever reads the preview. */
export const emulatorLimits = [
  "The AWS emulator has no TLS, so the bucket's policy that requires it is left out, and it does not",
  "keep the following, so changes of it are passed over:",
  Object.entries(notKept)
    .map(([type, properties]) => `${properties.join(", ")} of ${type}`)
    .join("; "),
].join(" ");

/** Passes over changes of what the emulator does not keep. */
export const passOverWhatIsNotKept: pulumi.ResourceTransform = ({ type, props, opts }) => {
  const properties = notKept[type];
  if (properties === undefined) return undefined;
  return {
    props,
    opts: { ...opts, ignoreChanges: [...(opts.ignoreChanges ?? []), ...properties] },
  };
};
