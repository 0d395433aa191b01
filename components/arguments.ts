import * as pulumi from "@pulumi/pulumi";
import { nearest } from "./nearest";
import type { Rule } from "./rules";

/**
 * Thrown by a component that was given something it can't use. It lists every problem that could
 * be seen, each with what was given, what is allowed and what to do.
 *
 * It is a {@link pulumi.RunError}: the engine prints the message and leaves out the stack.
 */
export class InvalidArgumentsError extends pulumi.RunError {
  /** One line for each problem, without indentation. */
  readonly problems: readonly string[];

  constructor(subject: string, problems: readonly string[]) {
    super(
      `${subject} can't be used as written:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.name = "InvalidArgumentsError";
    this.problems = problems;
  }
}

/** How an argument's value may be shown in an error. */
export interface CheckOptions {
  /**
   * The value is a secret: errors name the argument and never the value.
   * @default false; a secret Output is one in any case
   */
  readonly secret?: boolean;
}

/**
 * Collects what is wrong with a component's arguments, so that all of it is told at once and before
 * anything is registered. A component makes one before it calls `super(...)`.
 *
 * @example
 * const check = new ArgumentCheck("groundwork:lambda:LambdaFunction", name);
 * const timeout = check.input("timeoutSeconds", args.timeoutSeconds ?? 30, wholeNumber(1, 900));
 * check.throwIfAny();
 */
export class ArgumentCheck {
  private readonly problems: string[] = [];
  private readonly subject: string;

  constructor(type: string, name: string) {
    this.subject = `${type} "${name}"`;
  }

  /** Notes a problem that no single rule can see, such as two arguments that contradict. */
  problem(message: string): void {
    this.problems.push(message);
  }

  /**
   * Refuses arguments that the component does not know. TypeScript sees to that, but programs also
   * run without a type check, where a mistyped name would be a default that nobody asked for.
   *
   * @param names every name there is; the compiler sees that none is missing
   * @param path what stands before the names of arguments within an argument, like `sidecars[0].`
   */
  known<Args extends object>(
    args: Args,
    names: Readonly<Record<keyof Args, true>>,
    path = "",
  ): void {
    for (const name of Object.keys(args)) {
      if (Object.hasOwn(names, name)) continue;
      const all = Object.keys(names);
      const hint = nearest(name, all) ?? `give only ${all.join(", ")}`;
      this.problem(`there is no argument "${path}${name}": ${hint}`);
    }
  }

  /**
   * Checks one argument. A plain value is checked now. A value known only later (an Output or a
   * promise) is checked when it becomes known, and then rejects with the same words.
   *
   * @returns the value to use from here on: the one given, with its later check attached.
   */
  input<T>(
    argument: string,
    value: pulumi.Input<T>,
    rule: Rule<T>,
    options?: CheckOptions,
  ): pulumi.Input<T>;
  input<T>(
    argument: string,
    value: pulumi.Input<T> | undefined,
    rule: Rule<T>,
    options?: CheckOptions,
  ): pulumi.Input<T> | undefined;
  input<T>(
    argument: string,
    value: pulumi.Input<T> | undefined,
    rule: Rule<T>,
    options: CheckOptions = {},
  ): pulumi.Input<T> | undefined {
    if (value === undefined) return undefined;
    if (isLater(value)) {
      const later = pulumi.output(value) as pulumi.Output<T>;
      return later.apply(async (known) => {
        // In a refresh that runs the program, what is gone has no outputs. The update makes it anew.
        if (known === undefined) return known;
        const complaint = rule(known);
        if (complaint === undefined) return known;
        // Whoever made a secret of it does not want to read it in an error.
        const secret = options.secret === true || (await pulumi.isSecret(later));
        const problem = describe(argument, known, complaint, secret);
        throw new InvalidArgumentsError(this.subject, [problem]);
      }) as pulumi.Output<T>;
    }
    const complaint = rule(value as T);
    if (complaint !== undefined) {
      this.problem(describe(argument, value, complaint, options.secret === true));
    }
    return value;
  }

  /**
   * Checks an argument that must be given. TypeScript sees to that, but programs also run without
   * a type check.
   */
  required<T>(
    argument: string,
    value: pulumi.Input<T>,
    rule: Rule<T>,
    options?: CheckOptions,
  ): pulumi.Input<T> {
    if (value === undefined || value === null) this.problem(`${argument} is missing: give it`);
    return this.input(argument, value ?? undefined, rule, options) as pulumi.Input<T>;
  }

  /**
   * Refuses a secret where others may read the value. Whether an Output is one is known only later;
   * then the value rejects.
   *
   * @param advice what to do with a secret instead
   * @returns the value to use from here on
   */
  noSecret<T extends pulumi.Input<string> | undefined>(
    argument: string,
    value: T,
    advice: string,
  ): T | pulumi.Output<string> {
    if (!pulumi.Output.isInstance<string>(value)) return value;
    return pulumi.output(pulumi.isSecret(value)).apply((isSecret) => {
      if (!isSecret) return value;
      const problem = `${argument} is a secret, and here others can read it: ${advice}`;
      throw new InvalidArgumentsError(this.subject, [problem]);
    });
  }

  /**
   * Refuses secrets among values that others may read, as {@link noSecret} does for one.
   *
   * @returns the values to use from here on
   */
  noSecrets(
    argument: string,
    values: Readonly<Record<string, pulumi.Input<string>>> = {},
    advice: string,
  ): Readonly<Record<string, pulumi.Input<string>>> {
    const checked = Object.entries(values).map(([key, value]) => [
      key,
      this.noSecret(`${argument}.${key}`, value, advice),
    ]);
    return Object.fromEntries(checked);
  }

  /**
   * Ends the checking.
   * @throws {InvalidArgumentsError} when anything was found wrong, with all of it.
   */
  throwIfAny(): void {
    if (this.problems.length > 0) throw new InvalidArgumentsError(this.subject, this.problems);
  }
}

/** Whether a value is known only later: an Output or a promise. */
export function isLater<T>(value: pulumi.Input<T>): value is pulumi.Output<T> | Promise<T> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function describe(argument: string, value: unknown, complaint: string, secret: boolean): string {
  return `${argument} is ${secret ? "a secret value that does not fit" : shown(value)}: ${complaint}`;
}

function shown(value: unknown): string {
  // JSON knows neither NaN nor Infinity.
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
