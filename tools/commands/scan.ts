import { join } from "node:path";
import { provideKubeScore } from "../kube-score";
import { Failure } from "../support/failure";
import { attach } from "../support/programs";
import { runSteps } from "../support/steps";
import type { Command } from "./command";

/** `make scan`: holds the Kubernetes manifests that the components make against kube-score. */
export const scan: Command = async ({ here, args }) => {
  let kubeScore = "";
  await runSteps([
    {
      title: "kube-score",
      run: async () => {
        kubeScore = await provideKubeScore(here);
      },
    },
    {
      title: "Scan",
      run: async () => {
        const jest = join(here.root, "node_modules", ".bin", "jest");
        const options = [...args, "--selectProjects", "scan"];
        const env = { KUBE_SCORE: kubeScore };
        if ((await attach(jest, options, { cwd: here.root, env })) !== 0) {
          throw new Failure("The scan has found something (see above).");
        }
      },
    },
  ]);
};
