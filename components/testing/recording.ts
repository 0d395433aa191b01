import type * as pulumi from "@pulumi/pulumi";
import { manifestsOf } from "./manifests";
import type { Message } from "./messages";
import { parentOf } from "./urns";

/** A resource that a program registered or read. */
export interface RecordedResource<Inputs = Readonly<Record<string, unknown>>> {
  /** The type token, like `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** The resource's Pulumi name. */
  readonly name: string;
  /** What the engine knows it by: stack, project, the types of all its parents, type and name. */
  readonly urn: string;
  /** The inputs as the provider would get them, secret ones in clear text. */
  readonly inputs: Inputs;
  /**
   * Where in the inputs the secrets are that the engine would encrypt, as paths: `password`,
   * `tags.hidden`, `rules[0].key`. All below such a path is secret.
   */
  readonly secretInputs: readonly string[];
  /** What a component said with `registerOutputs`, in clear text; empty for other resources. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Where in the outputs the secrets are, as paths. */
  readonly secretOutputs: readonly string[];
  /** What it is a child of, as `type name`; undefined at the top of the stack. */
  readonly parent: string | undefined;
  /** The resources it waits for, as `type name`, sorted. */
  readonly dependencies: readonly string[];
  /** Name of the explicit provider it uses; undefined for the default one. */
  readonly provider: string | undefined;
  /** The URNs that its aliases say it had before, those that follow from its parents' included. */
  readonly aliases: readonly string[];
  /** The resource hooks that are bound to it, as `beforeUpdate name`. */
  readonly hooks: readonly string[];
  /** Whether it is only read (`Queue.get`, a `StackReference`), and not the stack's own. */
  readonly external: boolean;
}

/** A text that left the program, and where it went. */
export interface RecordedText {
  /** `type name: inputs.tags.hidden` for a resource; else `stack outputs.url` and the like. */
  readonly place: string;
  readonly text: string;
  /** Whether the engine encrypts it. */
  readonly encrypted: boolean;
  /** Texts of one group can be read together, such as the inputs of one resource. */
  readonly group: string;
}

/** The class of a resource in a provider's SDK, like `aws.sqs.Queue`. */
export type ResourceClass = abstract new (
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: each class has arguments of its own
  args: any,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** The inputs that a class's resources have, each known. */
export type InputsOf<Class extends ResourceClass> = {
  readonly [Key in keyof Arguments<Class>]: pulumi.Unwrap<Arguments<Class>[Key]>;
};
type Arguments<Class extends ResourceClass> = NonNullable<ConstructorParameters<Class>[1]>;

/** Everything that a program registered, returned and said. */
export class Recording {
  /** Every resource in the order of registration, components included. */
  readonly resources: RecordedResource[] = [];
  /** What the program said with `pulumi.log`, debug messages left out. */
  readonly messages: Message[] = [];
  /** Every text that left the program; {@link findSecrets} searches them. */
  readonly texts: RecordedText[] = [];
  /**
   * What the program returned, with every Output resolved, secret ones in clear text. What a preview
   * does not know is `pulumi.unknown`.
   */
  outputs: Readonly<Record<string, unknown>> = {};
  /** Where in {@link outputs} the secrets are that the engine would encrypt, as paths. */
  secretOutputs: readonly string[] = [];

  /**
   * The resources of one type, by the class or by the type token. By the class, their inputs have
   * its types.
   * @throws {TypeError} for a class that has no type token, such as a component's
   */
  ofType<Class extends ResourceClass>(type: Class): readonly RecordedResource<InputsOf<Class>>[];
  ofType(type: string): readonly RecordedResource[];
  ofType(type: string | ResourceClass): readonly RecordedResource[] {
    const token = tokenOf(type);
    return this.resources.filter((resource) => resource.type === token);
  }

  /**
   * The one resource with this type, as class or token, and name.
   * @throws {Error} when there is none or more than one, with what there is
   * @throws {TypeError} for a class that has no type token, such as a component's
   */
  one<Class extends ResourceClass>(type: Class, name: string): RecordedResource<InputsOf<Class>>;
  one(type: string, name: string): RecordedResource;
  one(type: string | ResourceClass, name: string): RecordedResource {
    const token = tokenOf(type);
    const found = this.resources.filter((each) => each.type === token && each.name === name);
    if (found.length === 1 && found[0]) return found[0];
    const all = this.resources.map((each) => `${each.type} ${each.name}`).join("\n  ");
    throw new Error(`${found.length} resources are ${token} ${name}. There are:\n  ${all}`);
  }

  /** The children of the resource with this type and name, as `type name`, sorted. */
  childrenOf(type: string | ResourceClass, name: string): readonly string[] {
    const parent = `${tokenOf(type)} ${name}`;
    return this.resources
      .filter((each) => each.parent === parent)
      .map((each) => `${each.type} ${each.name}`)
      .sort();
  }

  /**
   * All resources as a text, one a line as `type name`, each below its parent and indented by two
   * blanks more. Siblings are sorted, so that it can be compared as a whole.
   */
  tree(): string {
    const below = (parent: string | undefined, indent: string): readonly string[] =>
      this.resources
        .filter((each) => parentOf(each.urn, each.parent) === parent)
        .map((each) => ({ label: `${each.type} ${each.name}`, urn: each.urn }))
        .sort((a, b) => (a.label < b.label ? -1 : 1))
        .flatMap(({ label, urn }) => [indent + label, ...below(urn, `${indent}  `)]);
    return below(undefined, "").join("\n");
  }

  /**
   * The Kubernetes objects as YAML documents, for `kubectl apply` or a scanner such as kube-score.
   * Those that are given no name have one here, the same as where others refer to them. Secrets
   * are in clear text.
   */
  manifests(): string {
    return manifestsOf(this.resources);
  }
}

function tokenOf(type: string | ResourceClass): string {
  if (typeof type === "string") return type;
  // The SDKs have it in every class, and keep it out of their typings.
  const token = "__pulumiType" in type ? type.__pulumiType : undefined;
  if (typeof token === "string") return token;
  throw new TypeError(
    `${type.name} has no type token of its own: give the token, like "groundwork:messaging:Queue"`,
  );
}
