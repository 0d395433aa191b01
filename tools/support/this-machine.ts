/** A system and a processor, as Node names them. */
export interface MachineKind {
  readonly os: NodeJS.Platform;
  readonly arch: string;
}

/** The machine that this runs on. Who needs it takes it as a value, so that tests give another. */
export const THIS_MACHINE: MachineKind = { os: process.platform, arch: process.arch };
