import * as pulumi from "@pulumi/pulumi";
import type { Rule } from "./components/rules";

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
  readonly default: string | number | boolean;
  /** Whether every environment must set it. */
  readonly required?: boolean;
  /** The platform whose environments must set it. */
  readonly requiredOn?: "local" | "aws";
  /** Whether it must be encrypted. */
  readonly secret?: boolean;
  /** A value for the command that mends a missing one. */
  readonly example?: string;
  /** Reads the text of the config; an empty one means the default. */
  parse(given: string): Parsed<T>;
}

/** Keys by name. */
export type Keys = Readonly<Record<string, Key>>;

/** The values that keys stand for. */
export type Values<K extends Keys> = {
  readonly [Name in keyof K]: K[Name] extends Key<infer T> ? T : never;
};

/** A key that holds text. */
export function text(
  description: string,
  options: {
    readonly default?: string;
    readonly rule?: Rule<string>;
    readonly requiredOn?: "local" | "aws";
    readonly example?: string;
  } = {},
): Key<string> {
  const { default: fallback = "", rule, ...rest } = options;
  return {
    ...rest,
    type: "string",
    description,
    default: fallback,
    parse: (given) =>
      given === "" ? { value: fallback } : { value: given, complaint: rule?.(given) },
  };
}

/** A key that holds a whole number. */
export function number(
  description: string,
  options: { readonly default: number; readonly rule: Rule<number> },
): Key<number> {
  return {
    type: "integer",
    description,
    default: options.default,
    parse: (given) => {
      const value = given === "" ? options.default : /^-?\d+$/.test(given) ? Number(given) : NaN;
      return { value, complaint: options.rule(value) };
    },
  };
}

/** A key that holds true or false. */
export function flag(description: string, options: { readonly default: boolean }): Key<boolean> {
  return {
    type: "boolean",
    description,
    default: options.default,
    parse: (given) => ({
      value: given === "" ? options.default : given === "true",
      complaint: ["", "true", "false"].includes(given) ? undefined : "give true or false",
    }),
  };
}

/** A key that every environment must set, encrypted; the program gets it as a secret Output. */
export function secret(
  description: string,
  options: { readonly rule: Rule<string> },
): Key<pulumi.Output<string>> {
  return {
    type: "string",
    description,
    default: "",
    required: true,
    secret: true,
    parse: (given) => ({
      value: pulumi.secret(given),
      complaint: given === "" ? undefined : options.rule(given),
    }),
  };
}
