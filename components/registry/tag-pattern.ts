import { all, matching, type Rule } from "../rules";

/**
 * A pattern of image tags.
 * @param wildcards how many `*` it may have
 */
export function tagPattern(wildcards: number): Rule<string> {
  return all(
    matching(
      /^[A-Za-z0-9._*-]{1,128}$/,
      "1 to 128 letters, digits and . _ -, with * for any text between them",
    ),
    (pattern) =>
      pattern.split("*").length - 1 > wildcards
        ? `give at most ${wildcards} * in it, as many as ECR takes`
        : undefined,
  );
}
