import { localEnvironments } from "../../config/environments";

/** A `make` command for a stack, as a person types it: STACK need not name the usual one. */
export function target(name: string, stack: string): string {
  return stack === localEnvironments()[0] ? `make ${name}` : `make ${name} STACK=${stack}`;
}
