import { containerRegistries } from "../../../components/registry/container-registries";
import { ContainerRegistry } from "../../../components/registry/container-registry";
import { record } from "../../../components/testing";

const args = { keepTaggedImages: 5, pullAccounts: ["210987654321"] };

describe("containerRegistries", () => {
  test("default makes nothing of no names", async () => {
    const { resources } = await record(() => void containerRegistries([]));
    expect(resources).toEqual([]);
  });

  test("custom makes of each name what it is by itself", async () => {
    const together = await record(() => {
      const { web, worker } = containerRegistries(["web", "worker"], args);
      return { web: web.url, worker: worker.url };
    });
    const apart = await record(() => {
      new ContainerRegistry("web", args);
      new ContainerRegistry("worker", args);
    });

    expect(together.resources).toHaveLength(8);
    expect(together.tree()).toBe(apart.tree());
    expect(together.outputs).toEqual({
      web: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web-1234567",
      worker: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker-1234567",
    });
  });
});
