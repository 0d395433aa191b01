import * as pulumi from "@pulumi/pulumi";
import { formerUrns } from "./aliases";
import { answerResource, type Inputs } from "./answers";
import { answerCall } from "./calls";
import type { Registration } from "./monitor";
import type { RecordOptions } from "./record";
import type { RecordedResource, Recording } from "./recording";
import { clear, leavesOf, secretPaths, unwrap } from "./secrets";
import { answerStackReference, stackReferenceType } from "./stacks";
import { isStack, labelOf } from "./urns";

/** Puts the requests of one run into its recording, and answers them. */
export class Recorder {
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
      this.recording.outputs = clear(sent) as Recording["outputs"];
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
    const { urn, parent, parentUrn, dependencies, provider, hooks, external } = registration;
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
      hooks,
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
