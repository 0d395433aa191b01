import { checkUrns } from "../../components/testing";
import { environments } from "../../config";
import { recordStack } from "../support/stacks";
import { withoutVariables } from "../support/variables";

withoutVariables("AWS_ENDPOINT_URL", "KUBECONFIG", "GROUNDWORK_IMAGE_REGISTRY");

test.each(Object.keys(environments))("nothing in %s loses its URN", async (stack) => {
  // In dev anybody changes the image to try things out.
  const image = "localhost:5000/web:0.1.0";
  const recording = await recordStack(
    stack,
    stack === "dev" ? { "groundwork:webImage": image } : undefined,
  );
  checkUrns(recording, `test/stacks/urns/${stack}.txt`);
});
