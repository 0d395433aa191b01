import { readEnvironment } from "./config";
import { deploySampleSystem } from "./stacks/sample-system";

export = deploySampleSystem(readEnvironment());
