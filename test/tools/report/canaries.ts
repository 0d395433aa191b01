/** What stands in the recorded previews for the secrets of the dev stack, as long as these. */
export const canaries: Readonly<Record<string, string>> = {
  "groundwork:sealKey": "canary-of-the-seal-key-9b1f4a7e2c60d835-not-seen",
  "groundwork:sessionKey": "canary-of-the-session-key-41d09c3b7a52e68-unseen",
};
