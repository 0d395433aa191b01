import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import type { Rollout } from "../rollout";
import { all, dnsLabel, trueOrFalse, wholeNumber } from "../rules";
import { checkPodRollout } from "./long-running-args";
import { atMost, folderPath, objectName } from "./names";
import { bytes } from "./quantity";
import { checkService, type ServiceArgs, serviceArguments } from "./service-args";

/** Arguments of {@link ShardedService}. */
export interface ShardedServiceArgs extends ServiceArgs {
  /**
   * Among how many shards the data is divided, each with a pod and a volume of its own. More or
   * fewer of them means that data has to move: docs/sharding.md says how. Fewer are refused unless
   * `reshardedFrom` says that it was moved.
   */
  readonly shards: number;
  /**
   * How many shards there were when the data of those that go was moved. It allows the one change
   * from that number to a smaller one, and may stay or be removed afterwards.
   * @default no shard may go
   */
  readonly reshardedFrom?: number;
  /**
   * How large the volume of each shard is, like `10Gi`. Kubernetes does not change the volumes of
   * shards that there are: docs/sharding.md says how to.
   */
  readonly storage: string;
  /**
   * The StorageClass of the volumes. It decides whether they are encrypted (on EKS by
   * `encrypted: "true"`), and should bind them where the pod is placed
   * (`volumeBindingMode: WaitForFirstConsumer`).
   * @default that of the cluster
   * @see https://kubernetes.io/docs/concepts/storage/storage-classes/
   */
  readonly storageClassName?: pulumi.Input<string>;
  /**
   * The folder at which a shard finds its volume.
   * @default "/data"
   */
  readonly dataPath?: string;
  /**
   * Keeps the volumes of shards that go, and of a service that is deleted; one that comes under the
   * same name finds them again. With false they are deleted with their data: for tests alone.
   * Whoever deletes the namespace deletes them in any case.
   * @default true
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
   */
  readonly retainClaims?: boolean;
  /**
   * How shards are renewed: one after the other. When the deadline has passed, 30 to 36000 seconds,
   * the update fails; `kubectl describe pods` has the reason.
   * @default a deadlineSeconds of 300, and 60 more for each shard
   */
  readonly rollout?: Rollout;
}

/**
 * Checks the arguments of a sharded service, and completes them.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkShardedService(type: string, name: string, args: ShardedServiceArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ShardedServiceArgs>(withoutScaling(check, args), {
    ...serviceArguments,
    shards: true,
    reshardedFrom: true,
    storage: true,
    storageClassName: true,
    dataPath: true,
    retainClaims: true,
    rollout: true,
  });
  // Kubernetes adds 11 characters to it in a label of the pods, which has 63.
  check.required("name", name, all(dnsLabel, atMost(52)));
  const service = checkService(check, name, args, ["SHARD_INDEX", "SHARDS"]);
  const { shards, dataPath = "/data" } = args;
  const standard = 300 + 60 * (Number.isInteger(shards) ? shards : 1);
  check.required("shards", shards, wholeNumber(1, 100, "shards"), { plain: true });
  check.plain("reshardedFrom", args.reshardedFrom, wholeNumber(2, 100, "shards"));
  const deadlineSeconds = checkPodRollout(check, args, standard, 36_000);
  check.plain("dataPath", dataPath, folderPath);
  if (service.main.writablePaths.includes(dataPath)) {
    check.problem(`dataPath and writablePaths both have "${dataPath}": leave it out of the latter`);
  }
  const around = service.configuration.files.find(
    ({ folder }) => folder === dataPath || `${dataPath}/`.startsWith(`${folder}/`),
  );
  if (around !== undefined) {
    check.problem(
      `dataPath is "${dataPath}", and files has "${around.folder}", which is read-only: move one`,
    );
  }
  if (service.zones > shards) {
    check.problem(`zones is ${service.zones} with ${shards} shards: give at most one for each`);
  }
  const checked = {
    ...service,
    shards,
    reshardedFrom: args.reshardedFrom,
    storage: check.required("storage", args.storage, bytes("10Gi"), { plain: true }),
    storageClassName: check.input(
      "storageClassName",
      args.storageClassName,
      objectName("StorageClass"),
    ),
    dataPath,
    retainClaims: check.plain("retainClaims", args.retainClaims ?? true, trueOrFalse),
    deadlineSeconds,
  };
  check.throwIfAny();
  return checked;
}

/** Says of what other services have why it can't be had here. */
function withoutScaling(check: ArgumentCheck, args: ShardedServiceArgs): ShardedServiceArgs {
  const { replicas, scaling, ...others } = args as ShardedServiceArgs & Record<string, unknown>;
  if (replicas !== undefined) {
    check.problem("replicas is given: give shards, each of them is one pod");
  }
  if (scaling !== undefined) {
    check.problem(
      "scaling is given: another number of shards means that data has to move, which no " +
        "autoscaler does; give as many shards as the busiest hour needs",
    );
  }
  return others;
}
