/** An IAM policy document with these statements. */
export const policyOf = (...statements: readonly object[]) => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** The statement that allows actions on resources. */
export const allowing = (actions: readonly string[], ...resources: readonly string[]) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

/** The document that lets a service assume a role. */
export const trusting = (service: string, ...actions: readonly string[]) =>
  policyOf({ Effect: "Allow", Principal: { Service: service }, Action: actions });

/** The document that denies everybody every action without TLS. */
export const tlsOnly = (actions: string, ...resources: readonly string[]) =>
  policyOf({
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: actions,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
