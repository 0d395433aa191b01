import { type Inputs, mockAccount, mockRegion } from "./answers";

/** Answers of providers' functions by token, in place of the kit's own. */
export type Calls = Readonly<Record<string, (inputs: Inputs) => Inputs>>;

/**
 * The answer of a provider's function.
 * @param calls come before the kit's own
 * @throws {Error} for a function that nobody answers: whatever came back instead would let the
 * program go on with values that no provider gives
 */
export function answerCall(token: string, inputs: Inputs, calls: Calls = {}): Inputs {
  const answer = calls[token] ?? known[token];
  if (answer !== undefined) return answer(inputs);
  throw new Error(
    `Nothing answers the function ${token}. Give its answer: ` +
      `record(program, { calls: { ${JSON.stringify(token)}: (inputs) => ({ ... }) } })`,
  );
}

const known: Calls = {
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
    userName: "AWS",
    password: "mock-registry-password",
    proxyEndpoint: `https://${mockAccount}.dkr.ecr.${mockRegion}.amazonaws.com`,
  }),
  "aws:eks/getCluster:getCluster": (inputs) => ({
    ...inputs,
    endpoint: `https://${inputs["name"]}.eks.amazonaws.com`,
    certificateAuthorities: [{ data: "bW9jaw==" }],
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    id: mockRegion,
    names: ["a", "b", "c"].map((zone) => `${mockRegion}${zone}`),
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: mockAccount,
    arn: `arn:aws:iam::${mockAccount}:user/test`,
  }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getRegion:getRegion": () => ({ id: mockRegion, region: mockRegion }),
};
