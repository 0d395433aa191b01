import type { Rule } from "./rule";
import { at, items, shown, texts } from "./values";

/** Where each type says which origins may call it. */
const origins: Readonly<Record<string, (props: unknown) => readonly string[]>> = {
  "aws:apigatewayv2/api:Api": (props) => texts(at(props, "corsConfiguration", "allowOrigins")),
  "aws:lambda/functionUrl:FunctionUrl": (props) => texts(at(props, "cors", "allowOrigins")),
  "aws:s3/bucket:Bucket": originsOfBucket,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": originsOfBucket,
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": originsOfBucket,
};

function originsOfBucket(props: unknown): readonly string[] {
  return items(at(props, "corsRules")).flatMap((rule) => texts(at(rule, "allowedOrigins")));
}

/** Rules for what web pages may call. */
export const corsRules: readonly Rule[] = [
  {
    name: "cors-no-wildcard",
    description: "With a wildcard any web page can call it from its visitors' browsers",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html",
    types: Object.keys(origins),
    productionOnly: true,
    check: ({ type, props }) =>
      (origins[type]?.(props) ?? [])
        .filter((origin) => /^(https?:\/\/)?\*$/.test(origin))
        .map(
          (origin) =>
            `it allows the origin ${shown(origin)}: name the origins, like "https://shop.example.com"`,
        ),
  },
];
