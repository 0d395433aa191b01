/** Answers with its alias, and what the machine's Node.js makes of the event. */
export const handler = async ({ id }, context) => ({
  order: id.toUpperCase(),
  alias: context.invokedFunctionArn.split(":").at(-1),
});
