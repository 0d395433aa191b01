import * as pulumi from "@pulumi/pulumi";
import type { Answers } from "./answers";
import type { Calls } from "./calls";
import { collectFailures } from "./failures";
import { listen } from "./messages";
import { watchMonitor } from "./monitor";
import { Recorder } from "./recorder";
import { Recording } from "./recording";
import type { Stacks } from "./stacks";

/** How {@link record} runs a program. */
export interface RecordOptions {
  /** The name the program gets from `pulumi.getStack()`; `@default` "test" */
  readonly stack?: string;
  /**
   * The name the program gets from `pulumi.getProject()`, and the prefix of its own config keys.
   * @default "groundwork"
   */
  readonly project?: string;
  /**
   * Run as a preview: ids and other outputs of resources are unknown.
   * @default false
   */
  readonly preview?: boolean;
  /** The stack's config by full key, like `{ "groundwork:replicas": "3" }`; `@default` none */
  readonly config?: Readonly<Record<string, string>>;
  /** The full keys among `config` that are secrets; `@default` none */
  readonly secretKeys?: readonly string[];
  /**
   * What providers answer to new resources, by type token. What is not given here is answered as
   * by default: with the inputs, and a realistic id, name and ARN.
   * @default none
   * @example answers: { "aws:rds/instance:Instance": () => ({ state: { port: 5432 } }) }
   */
  readonly answers?: Answers;
  /**
   * What providers' functions answer, by token. A function that neither this nor the kit answers
   * fails the program.
   * @default none
   * @example calls: { "aws:ec2/getVpc:getVpc": () => ({ id: "vpc-1", cidrBlock: "10.0.0.0/16" }) }
   */
  readonly calls?: Calls;
  /**
   * The outputs of other stacks, for `pulumi.StackReference`, by the stack's full name. One made
   * with `pulumi.secret` is a secret there too.
   * @default none
   * @example stacks: { "acme/network/prod": { vpcId: "vpc-1", token: pulumi.secret("t") } }
   */
  readonly stacks?: Stacks;
}

/**
 * Runs a Pulumi program without an engine and records what it asks for. Providers are answered for
 * with realistic ids, ARNs and URLs.
 *
 * @example
 * const recording = await record(() => new Queue("orders"));
 * expect(recording.one(aws.sqs.Queue, "orders").inputs.receiveWaitTimeSeconds).toBe(20);
 *
 * @throws whatever the program throws, also later, in an `apply`
 * @throws {Error} for two resources with one URN, a function that nobody answers, and a reference
 * to a stack that is not given
 * @see https://www.pulumi.com/docs/iac/guides/testing/unit/
 */
export async function record(
  program: () => unknown,
  options: RecordOptions = {},
): Promise<Recording> {
  const recording = new Recording();
  const recorder = new Recorder(recording, options);
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => recorder.answer(args),
      call: (args) => recorder.answerCall(args),
    },
    options.project ?? "groundwork",
    options.stack ?? "test",
    options.preview ?? false,
  );
  watchMonitor(recorder);
  pulumi.runtime.setAllConfig({ ...options.config }, [...(options.secretKeys ?? [])]);

  const giveBack = listen(recording.messages);
  try {
    const failures = await collectFailures(async () => {
      await pulumi.runtime.runInPulumiStack(async () => program());
      await pulumi.runtime.disconnect();
    });
    if (failures.length > 0) throw failures[0];
  } finally {
    giveBack();
    // Programs with hooks or transforms have started a server for them.
    pulumi.runtime.disconnectSync();
  }
  for (const { severity, text } of recording.messages) {
    recording.texts.push({ place: `message: ${severity}`, text, encrypted: false, group: text });
  }
  return recording;
}
