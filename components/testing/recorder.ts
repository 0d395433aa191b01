import * as pulumi from "@pulumi/pulumi";
import { formerUrns } from "./aliases";
import { type Answers, answerResource, type Inputs } from "./answers";
import { answerCall, type Calls } from "./calls";
import { collectFailures } from "./failures";
import { listen } from "./messages";
import { type Registration, watchMonitor } from "./monitor";
import { type RecordedResource, Recording } from "./recording";
import { clear, leavesOf, secretPaths, unwrap } from "./secrets";
import { answerStackReference, type Stacks, stackReferenceType } from "./stacks";
import { isStack, labelOf } from "./urns";

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
      const outputs = await pulumi.runtime.runInPulumiStack(async () => program());
      await pulumi.runtime.disconnect();
      recording.outputs = typeof outputs === "object" && outputs !== null ? { ...outputs } : {};
    });
    if (failures.length > 0) throw failures[0];
  } finally {
    giveBack();
  }
  for (const { severity, text } of recording.messages) {
    recording.texts.push({ place: `message: ${severity}`, text, encrypted: false, group: text });
  }
  return recording;
}

/** Puts the requests of one run into its recording, and answers them. */
class Recorder {
  private readonly resources = new Map<string, Mutable<RecordedResource>>();
  /** What the mocks are asked about next: they are asked at once, before anything else happens. */
  private next: Registration | undefined;

  constructor(
    private readonly recording: Recording,
    private readonly options: RecordOptions,
  ) {}

  registering(registration: Registration): void {
    this.next = registration;
  }

  async answer(args: pulumi.runtime.MockResourceArgs) {
    const registration = this.next;
    const inputs = unwrap(args.inputs);
    if (registration === undefined || isStack(registration.urn)) return { id: "", state: inputs };
    this.note(args, inputs, registration);
    const { id, state } = await this.respond(args, inputs, registration.external);
    // What was given as a secret comes back as one.
    const secrets = Object.keys(inputs)
      .filter((key) => inputs[key] !== args.inputs[key])
      .concat(registration.additionalSecretOutputs)
      .filter((key) => state[key] !== undefined)
      .map((key) => [key, pulumi.secret(state[key])]);
    return { id, state: { ...state, ...Object.fromEntries(secrets) } };
  }

  answerCall({ token, inputs }: pulumi.runtime.MockCallArgs): Inputs {
    try {
      return answerCall(token, unwrap(inputs), this.options.calls);
    } catch (error) {
      // Of an error in an answer the SDK passes on what gRPC calls the details.
      throw Object.assign(error as Error, { details: (error as Error).message });
    }
  }

  registeredOutputs(urn: string, sent: unknown): void {
    const secretOutputs = secretPaths(sent);
    if (isStack(urn)) {
      this.recording.secretOutputs = secretOutputs;
      this.noteTexts("stack: outputs", sent);
      return;
    }
    const resource = this.resources.get(urn);
    if (resource === undefined) return;
    resource.outputs = clear(sent) as RecordedResource["outputs"];
    resource.secretOutputs = secretOutputs;
    this.noteTexts(`${labelOf(urn)}: outputs`, sent);
  }

  private note(
    { type, name }: pulumi.runtime.MockResourceArgs,
    inputs: Inputs,
    registration: Registration,
  ): void {
    const { urn, parent, parentUrn, dependencies, provider, external } = registration;
    if (this.resources.has(urn)) {
      // In the words of the engine.
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    const above = this.resources.get(parentUrn ?? "");
    const resource = {
      type,
      name,
      urn,
      inputs,
      secretInputs: secretPaths(registration.sent),
      outputs: {},
      secretOutputs: [],
      parent,
      dependencies,
      provider,
      aliases: formerUrns(urn, registration.ownAliases, above?.name ?? "", above?.aliases ?? []),
      external,
    };
    this.resources.set(urn, resource);
    this.recording.resources.push(resource);
    this.recording.texts.push({
      place: `${type} ${name}: urn`,
      text: urn,
      encrypted: false,
      group: urn,
    });
    this.noteTexts(`${type} ${name}: inputs`, registration.sent);
  }

  private noteTexts(place: string, sent: unknown): void {
    for (const { path, value, isName, secret } of leavesOf(sent, place)) {
      if (typeof value !== "string") continue;
      // Values that stand beside each other can be read together; names come between them.
      const group = isName ? `${place} names` : place;
      this.recording.texts.push({ place: path, text: value, encrypted: secret, group });
    }
  }

  private async respond(
    { type, name, id, custom }: pulumi.runtime.MockResourceArgs,
    inputs: Inputs,
    external: boolean,
  ): Promise<{ readonly id: string; readonly state: Inputs }> {
    if (type === stackReferenceType) return answerStackReference(inputs, this.options.stacks);
    // A preview knows no more of a new resource than what it was asked to be.
    if (custom === false || (this.options.preview && !external)) return { id: "", state: inputs };
    const resource = { type, name, inputs, ...(id && { id }) };
    return answerResource(resource, this.options.answers);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
