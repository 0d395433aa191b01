/** A call to GitHub's API. */
export interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Stands in for the client that actions/github-script hands to a script.
 * @param lists what each listing method gives, over all pages
 */
export function fakeGithub(lists: Readonly<Record<string, readonly unknown[]>> = {}) {
  const calls: Call[] = [];
  const method = (name: string) =>
    Object.assign(
      async (params: Call["params"]) => {
        calls.push({ method: name, params });
        return { data: { number: 7 } };
      },
      { listing: name },
    );
  const methods = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, method(name)]));
  const github = {
    rest: {
      pulls: methods("list"),
      issues: methods(
        "listComments",
        "listForRepo",
        "createComment",
        "updateComment",
        "create",
        "update",
      ),
    },
    paginate: async ({ listing }: { listing: string }, params: Call["params"]) => {
      calls.push({ method: listing, params });
      return lists[listing] ?? [];
    },
  };
  const failures: string[] = [];
  const said: string[] = [];
  const core = {
    info: (line: string) => said.push(line),
    setFailed: (message: string) => failures.push(message),
  };
  return { github, core, calls, failures, said };
}
