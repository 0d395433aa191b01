import * as pulumi from "@pulumi/pulumi";
import { nearest } from "./nearest";
import type { Rule } from "./rules";
import { isLater, kindOf, shown } from "./values";

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
  /**
   * The program has to know the value when it runs: an Output or a promise is refused.
   * @default false
   */
  readonly plain?: boolean;
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
   * @throws {InvalidArgumentsError} at once for what is no object, in which nothing can be checked
   */
  known<Args extends object>(
    args: Args,
    names: Readonly<Record<keyof Args, true>>,
    path = "",
  ): void {
    this.shaped(path === "" ? "args" : path.slice(0, -1), args, [], "an object of arguments");
    for (const name of Object.keys(args)) {
      if (Object.hasOwn(names, name)) continue;
      const all = Object.keys(names);
      const hint = nearest(name, all) ?? `give only ${all.join(", ")}`;
      this.problem(`there is no argument "${path}${name}": ${hint}`);
    }
  }

  /**
   * Refuses an argument that has not what it is used by, such as another object than the one that
   * was meant. Nothing in it could be checked, so that the checking ends here.
   *
   * @param wanted what to give
   * @throws {InvalidArgumentsError} at once, with everything that was found wrong until then
   */
  shaped<T extends object>(
    argument: string,
    value: T,
    properties: readonly (keyof T)[],
    wanted: string,
  ): void {
    const fits = typeof value === "object" && value !== null && !Array.isArray(value);
    if (fits && !isLater<T>(value) && properties.every((each) => value[each] !== undefined)) return;
    this.problem(`${argument} is ${kindOf(value)}: give ${wanted}`);
    this.throwIfAny();
  }

  /**
   * Checks an argument that has to be known when the program runs, which Outputs are not.
   * @returns the value
   */
  plain<T>(argument: string, value: T, rule: Rule<Exclude<T, undefined>>): T {
    this.input(argument, value, rule as Rule<T>, { plain: true });
    return value;
  }

  /**
   * Checks that an argument is a list: of text, `Array.from` would make one of letters.
   * @returns the list; an empty one for what is none, so that the checking can go on
   */
  list<T>(argument: string, value: readonly T[] | undefined): readonly T[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.problem(`${argument} is ${kindOf(value)}: give a list`);
    return [];
  }

  /**
   * Checks a list of plain values, each by the same rule.
   * @returns the list; an empty one for what is none
   */
  listOf<T>(argument: string, value: readonly T[] | undefined, rule: Rule<T>): readonly T[] {
    const given = this.list(argument, value);
    for (const [i, each] of given.entries()) {
      this.required(`${argument}[${i}]`, each, rule, { plain: true });
    }
    return given;
  }

  /**
   * Checks that an argument has values by their names.
   * @returns the values; none for what has none, so that the checking can go on
   */
  map<T>(argument: string, value: Readonly<Record<string, T>> | undefined) {
    if (value === undefined || value === null) return {};
    if (kindOf(value) === "an object") return value;
    this.problem(`${argument} is ${kindOf(value)}: give an object, with a value for each name`);
    return {};
  }

  /**
   * Checks texts by their names, such as variables. What else is given is not shown: it could be a
   * secret.
   * @returns the texts, with their later checks attached
   */
  texts(
    argument: string,
    values: Readonly<Record<string, pulumi.Input<string>>> | undefined,
  ): Readonly<Record<string, pulumi.Input<string>>> {
    const checked = Object.entries(this.map(argument, values)).map(([key, value]) => {
      const wrong = (given: unknown) =>
        typeof given === "string"
          ? undefined
          : `${argument}.${key} is ${kindOf(given)}: give text, or leave it out`;
      if (!isLater<string>(value)) {
        const problem = wrong(value);
        if (problem !== undefined) this.problem(problem);
        return [key, value];
      }
      const later = pulumi.output(value).apply((known) => {
        // As in `input`: in a refresh, what is gone has no outputs.
        const problem = known === undefined ? undefined : wrong(known);
        if (problem !== undefined) throw new InvalidArgumentsError(this.subject, [problem]);
        return known;
      });
      return [key, later];
    });
    return Object.fromEntries(checked);
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
    if (isLater(value) && options.plain === true) {
      this.problem(`${argument} is ${kindOf(value)}: give a plain value`);
      return value;
    }
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
    if (!isLater<string | undefined>(value)) return value;
    // A promise may be of a secret too.
    const later = pulumi.output(value) as pulumi.Output<string>;
    return pulumi.output(pulumi.isSecret(later)).apply((isSecret) => {
      if (!isSecret) return later;
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

function describe(argument: string, value: unknown, complaint: string, secret: boolean): string {
  return `${argument} is ${secret ? "a secret value that does not fit" : shown(value)}: ${complaint}`;
}
