import { registerFunctions } from "./functions";
import { registerServices } from "./services";

/** What many are registered of, by how that is called. */
export const kinds = { services: registerServices, functions: registerFunctions } as const;

/** One of them. */
export type Kind = keyof typeof kinds;
