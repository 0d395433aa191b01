/** A function in the emulator. */
export interface EmulatedFunction {
  /** Its physical name. */
  readonly name: string;
  readonly logGroup: string;
  /** True if this machine can run it. */
  readonly runs: boolean;
  /** Why not, or how it runs otherwise than in Lambda; empty where there is nothing to say. */
  readonly remark: string;
}

/** Lists the functions that the emulator has; none where it is somebody else's. */
export async function emulatedFunctions(endpoint: string): Promise<readonly EmulatedFunction[]> {
  // A Python may have to be downloaded first.
  const answer = await fetch(`${endpoint}/moto-api/groundwork/functions`, {
    signal: AbortSignal.timeout(10 * 60_000),
  }).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as readonly EmulatedFunction[]) : [];
}

/** Lines for people about functions, one each. */
export interface Remarks {
  /** Those that don't run here. */
  readonly failing: readonly string[];
  /** Those that run otherwise than in Lambda. */
  readonly different: readonly string[];
}

/** Puts in words how functions run on this machine. */
export function remarks(functions: readonly EmulatedFunction[]): Remarks {
  const said = (runs: boolean) =>
    functions
      .filter((each) => each.runs === runs && each.remark !== "")
      .map(({ name, remark }) => `  ${name}: ${remark}`);
  return { failing: said(false), different: said(true) };
}
