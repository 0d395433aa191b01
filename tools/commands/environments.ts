import { environments as table } from "../../config/environments";
import type { Command } from "./command";

/** `make environments`: the environments in order of promotion, as JSON for a matrix of CI jobs. */
export const environments: Command = async () => {
  const list = Object.entries(table).map(([name, { platform, production = false }]) => ({
    name,
    platform,
    production,
  }));
  console.log(JSON.stringify(list));
};
