export { type Environment, readEnvironment } from "./environment";
export { type EnvironmentKind, environments, type Platform } from "./environments";
export { keys } from "./keys";
export { checkStackFile } from "./stack-file";
