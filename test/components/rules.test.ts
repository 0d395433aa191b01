import {
  all,
  arn,
  componentName,
  dnsLabel,
  environmentVariableName,
  imageReference,
  logRetentionDays,
  matching,
  oneOf,
  timeZone,
  wholeNumber,
} from "../../components/rules";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("wholeNumber", () => {
  test.each([1, 2, 9, 10])("takes %p of 1 to 10", (value) => {
    expect(wholeNumber(1, 10)(value)).toBeUndefined();
  });

  test.each([0, 11, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "3", null])(
    "refuses %p of 1 to 10",
    (value) => {
      expect(wholeNumber(1, 10)(value as number)).toBe("give a whole number from 1 to 10");
    },
  );

  test("names the unit", () => {
    expect(wholeNumber(1, 10, "days")(11)).toBe("give a whole number from 1 to 10 days");
  });
});

describe("oneOf", () => {
  test.each(["a", "b"])("takes %p of a, b", (value) => {
    expect(oneOf("a", "b")(value as "a")).toBeUndefined();
  });

  test.each(["c", "", "A", "a, b"])("refuses %p of a, b", (value) => {
    expect(oneOf("a", "b")(value as "a")).toBe("give one of a, b");
  });

  test("tells a number from its text", () => {
    expect(oneOf(1, 3)(1)).toBeUndefined();
    expect(oneOf(1, 3)("1" as unknown as 1)).toBe("give one of 1, 3");
  });
});

describe("matching", () => {
  test("takes text that matches", () => {
    expect(matching(/^a+$/, "the letter a")("aa")).toBeUndefined();
  });

  test.each(["b", "", 1, null])("refuses %p", (value) => {
    expect(matching(/^a+$/, "the letter a")(value as string)).toBe("give the letter a");
  });
});

describe("all", () => {
  const rule = all(matching(/^a/, "an a first"), matching(/z$/, "a z last"));

  test("takes what every rule takes", () => {
    expect(rule("a-z")).toBeUndefined();
  });

  test("tells the first rule that is broken", () => {
    expect(rule("b-y")).toBe("give an a first");
    expect(rule("a-y")).toBe("give a z last");
  });
});

describe("arn", () => {
  test.each([
    "arn:aws:kms:eu-central-1:123456789012:key/1234",
    "arn:aws-cn:kms:cn-north-1:123456789012:key/1234",
    "arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/a:b",
    "arn:aws:kms:::key/1234",
    "arn:aws:kms::aws:key/1234",
  ])("takes %p", (value) => {
    expect(arn("kms")(value)).toBeUndefined();
  });

  test.each([
    "1234",
    "arn:aws:s3:::bucket",
    "arn:aws:kms:eu-central-1:123456789012:",
    "arn:gcp:kms:eu-central-1:123456789012:key/1",
    " arn:aws:kms:eu-central-1:123456789012:key/1",
  ])("refuses %p", (value) => {
    expect(arn("kms")(value)).toBe("give the ARN of a resource of kms, like arn:aws:kms:...");
  });
});

describe("dnsLabel", () => {
  test.each(["a", "web", "a-1", "a".repeat(63)])("takes %p", (value) => {
    expect(dnsLabel(value)).toBeUndefined();
  });

  test.each(["", "1a", "-a", "a-", "A", "a_b", "a.b", "a".repeat(64), "web\n"])(
    "refuses %p",
    (value) => {
      expect(dnsLabel(value)).toBe(
        "give at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)",
      );
    },
  );
});

describe("environmentVariableName", () => {
  test.each(["A", "path", "A_1"])("takes %p", (value) => {
    expect(environmentVariableName(value)).toBeUndefined();
  });

  test.each(["", "1A", "_A", "A-B", "A B", "A=B", "Ä"])("refuses %p", (value) => {
    expect(environmentVariableName(value)).toBe(
      "give a letter followed by letters, digits and underscores",
    );
  });
});

describe("imageReference", () => {
  test.each([
    "web:1",
    "web:V1.2_3-rc",
    "localhost:5000/web:0.1.0",
    "ghcr.io/team/web:latest-1",
    `ghcr.io/team/web@${digest}`,
    `localhost:5000/web:1@${digest}`,
    `web:latest@${digest}`,
    `web:V1.2_3-RC@${digest}`,
    `web:${"a".repeat(128)}@${digest}`,
    `web:${"a".repeat(128)}`,
  ])("takes %p", (value) => {
    expect(imageReference(value)).toBeUndefined();
  });

  test.each([
    "",
    "web",
    "web:",
    "web:latest",
    "localhost:5000/web",
    "localhost:5000/web:latest",
    "Web:1",
    "https://ghcr.io/team/web",
    "web:-1",
    "web@sha256:0123",
    `web@${digest.toUpperCase()}`,
    `web@${digest}0`,
    `Web:1@${digest}`,
    `web@${digest}:1`,
    `web:${"a".repeat(129)}`,
    "web:1 ",
  ])("refuses %p", (value) => {
    expect(imageReference(value)).toBe(
      "give an image with its digest (repository@sha256:...) or a tag other than latest",
    );
  });

  test.each([
    "web:1:2",
    "web/:1",
    `web:@${digest}`,
    `web:-1@${digest}`,
    `web:${"a".repeat(129)}@${digest}`,
  ])("refuses %p, whose repository is none", (value) => {
    expect(imageReference(value)).toBe(
      "give an image with its digest (repository@sha256:...) or a tag other than latest",
    );
  });
});

describe("logRetentionDays", () => {
  const taken = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
  ];

  test("takes what CloudWatch Logs takes, and no other number of days", () => {
    const days = Array.from({ length: 4000 }, (_, i) => i);
    expect(days.filter((day) => logRetentionDays(day) === undefined)).toEqual(taken);
  });

  test("tells what it takes", () => {
    expect(logRetentionDays(31)).toBe(`give one of ${taken.join(", ")}`);
  });
});

describe("componentName", () => {
  test.each(["a", "Order_Events-2", "a".repeat(59)])("takes %p", (value) => {
    expect(componentName(59)(value)).toBeUndefined();
  });

  test.each(["", "my queue", "queue!", "a.b", "a/b", "a".repeat(60)])("refuses %p", (value) => {
    expect(componentName(59)(value)).toBe(
      "give at most 59 letters, digits, hyphens and underscores: names in AWS are made of it",
    );
  });
});

describe("timeZone", () => {
  test.each(["UTC", "Etc/UTC", "Etc/GMT+5", "Europe/Berlin", "America/Argentina/Buenos_Aires"])(
    "takes %s",
    (name) => {
      expect(timeZone(name)).toBeUndefined();
    },
  );

  test.each(["", "Local", "+01:00", "europe/berlin", "Europe/Nowhere", "../etc", 1 as never])(
    "refuses %p",
    (name) => {
      expect(timeZone(name)).toBe(
        "give a name of the IANA time zone database, like Etc/UTC or Europe/Berlin",
      );
    },
  );
});
