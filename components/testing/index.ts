/** The kit for unit tests of stacks: this project's and yours. See README.md beside it. */

export { type Answer, type Answers, mockAccount, mockRegion, type NewResource } from "./answers";
export type { Calls } from "./calls";
export { findSecrets, type Sightings } from "./leaks";
export type { Message } from "./messages";
export { type RecordOptions, record } from "./record";
export {
  type InputsOf,
  type RecordedResource,
  type RecordedText,
  Recording,
  type ResourceClass,
} from "./recording";
export type { Stacks } from "./stacks";
export { checkUrns } from "./urn-baseline";
