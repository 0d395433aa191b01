import type * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../components/rules";
import type { Platform } from "./environments";

/** What a text in a stack's config comes to: a value, or what is wrong with the text. */
export interface Parsed<T> {
  readonly value: T;
  readonly complaint?: string | undefined;
}

/** One key of the project's config. */
export interface Key<T = unknown> {
  /** The type by which the engine knows it, in `Pulumi.yaml`. */
  readonly type: "string" | "integer" | "boolean";
  /** What it means, in a sentence. */
  readonly description: string;
  /** The value where the stack says nothing. */
  readonly default: T;
  /** Whether every environment must set it. */
  readonly required?: boolean;
  /** The platform whose environments must set it. */
  readonly requiredOn?: Platform;
  /** Whether it must be encrypted. */
  readonly secret?: boolean;
  /** Whether its value belongs to one environment, so that a new one does not take it over. */
  readonly own?: boolean;
  /** A value for the command that mends a missing one. */
  readonly example?: string;
  /**
   * Reads the text of the config; an empty one means the default.
   * @param production whether the stronger rules for production hold
   */
  parse(given: string, production: boolean): Parsed<T>;
}

/** A key whose value the program gets as a secret Output. */
export interface SecretKey extends Key<string> {
  readonly secret: true;
}

/** Keys by name. */
export type Keys = Readonly<Record<string, Key>>;

/** The values that keys stand for. */
export type Values<K extends Keys> = {
  readonly [Name in keyof K]: K[Name] extends SecretKey
    ? pulumi.Output<string>
    : K[Name] extends Key<infer T>
      ? T
      : never;
};

/** What must hold for a key's value. */
interface Rules<T> {
  readonly rule?: Rule<T>;
  /** What must hold in production on top of that, for the default and an empty value too. */
  readonly production?: {
    readonly rule: Rule<T>;
    /** The reason, in words that complete "in production, give …, because …". */
    readonly because: string;
  };
}

/** A key that holds text. */
export function text(
  description: string,
  options: Rules<string> & {
    readonly default?: string;
    readonly requiredOn?: Platform;
    readonly own?: boolean;
    readonly example?: string;
  } = {},
): Key<string> {
  const { default: fallback = "", rule, production, ...rest } = options;
  return {
    ...rest,
    type: "string",
    description,
    default: fallback,
    parse: (given, inProduction) =>
      judged(given, given || fallback, { rule, production }, inProduction),
  };
}

/** A key that holds a whole number. */
export function number(
  description: string,
  options: Rules<number> & { readonly default: number; readonly rule: Rule<number> },
): Key<number> {
  return {
    type: "integer",
    description,
    default: options.default,
    parse: (given, inProduction) => {
      const value = given === "" ? options.default : /^-?\d+$/.test(given) ? Number(given) : NaN;
      return judged(given, value, options, inProduction);
    },
  };
}

/** A key that holds true or false. */
export function flag(
  description: string,
  options: Pick<Rules<boolean>, "production"> & { readonly default: boolean },
): Key<boolean> {
  return {
    type: "boolean",
    description,
    default: options.default,
    parse: (given, inProduction) => {
      const value = given === "" ? options.default : given === "true";
      const rule = () => (["true", "false"].includes(given) ? undefined : "give true or false");
      return judged(given, value, { rule, production: options.production }, inProduction);
    },
  };
}

/** A key that every environment must set, encrypted; the program gets it as a secret Output. */
export function secret(description: string, options: { readonly rule: Rule<string> }): SecretKey {
  return {
    type: "string",
    description,
    default: "",
    required: true,
    secret: true,
    parse: (given) => judged(given, given, options, false),
  };
}

/** The stronger rule is asked first: who follows it has followed the other one too. */
function judged<T>(
  given: string,
  value: T,
  { rule, production }: Rules<T>,
  inProduction: boolean,
): Parsed<T> {
  const stronger = inProduction ? production?.rule(value) : undefined;
  if (stronger !== undefined) {
    return { value, complaint: `in production, ${stronger}, because ${production?.because}` };
  }
  return { value, complaint: given === "" ? undefined : rule?.(value) };
}
