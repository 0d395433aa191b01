import { all, matching, type Rule } from "../rules";

const pattern = /^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/;
const inWords = "letters and digits, with single . _ - or / between them";

/**
 * A repository's name, or what several begin with, without the `/` behind it.
 * @param longest how many characters it may have
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export const repositoryName = (longest = 256): Rule<string> =>
  all(
    matching(new RegExp(`^.{2,${longest}}$`), `2 to ${longest} characters`),
    matching(pattern, `lower-case ${inWords}`),
  );

/** The component's name, of which Pulumi makes the repository's: in lower case, and 8 longer. */
export const generatedName: Rule<string> = all(
  matching(/^.{1,247}$/, "1 to 247 characters, or a repositoryName"),
  matching(new RegExp(pattern, "i"), `${inWords}, or a repositoryName`),
);
