import { join } from "node:path";
import { environmentKind, isLocal } from "../config/environments";
import { init } from "../config/mending";
import { checkStackFile } from "../config/stack-file";
import { type Engine, provideEngine } from "./engine/engine";
import { emptyEmulator } from "./platform/aws";
import { containerEngineRuns } from "./platform/containers";
import { environment } from "./platform/environment";
import { hasKind } from "./platform/kind";
import { type ClusterKind, chooseCluster } from "./platform/kubernetes";
import { endLeftOverPlugins, type Platform, providePlatform } from "./platform/platform";
import { needsRefresh, noteLoss, noteRefreshed } from "./platform/refresh";
import { clearStaleLocks, createStack, pulumi, type Stack, stackState } from "./stack";
import { Failure } from "./support/failure";
import type { Layout } from "./support/layout";
import { capture, isExecutable } from "./support/programs";
import { type PlatformSettings, readSettings } from "./support/settings";
import { type Step, say } from "./support/steps";

/** What has to be there before pulumi can work on a stack, as steps that commands put together. */
export class Preparation {
  /** Whether the stack lives on the local platform. */
  readonly isLocal: boolean;
  private engine: Engine | undefined;
  private platform: Platform | undefined;
  private buildsImages: Promise<boolean> | undefined;

  constructor(
    readonly here: Layout,
    private readonly stackName: string,
  ) {
    this.isLocal = isLocal(stackName);
  }

  /** All that has to be there before pulumi can look at the stack. */
  everything(): Step[] {
    const always = [this.checkConfiguration(), this.getEngine()];
    return this.isLocal ? [...always, this.startPlatform(), this.readyStack()] : always;
  }

  /** Mistakes in the configuration are told before anything is started. */
  checkConfiguration(): Step {
    return {
      title: "Configuration",
      about: `Pulumi.${this.stackName}.yaml`,
      run: async () => {
        const problems = checkStackFile(this.here.root, this.stackName);
        if (problems === undefined) return;
        throw new Failure(problems, [
          "Nothing was started.",
          ...(problems.includes(" pulumi config ")
            ? [
                "To have pulumi for these commands:",
                `make engine && eval "$(make -s env STACK=${this.stackName})"`,
              ]
            : []),
          ...(this.isLocal || environmentKind(this.stackName) === undefined
            ? []
            : ["If there is no such stack yet, first:", "pulumi login", init(this.stackName)]),
        ]);
      },
    };
  }

  /**
   * Nothing is updated on top of what was cut off: what it made would be made a second time, and
   * the first would stay behind unknown.
   */
  refuseCutOff(): Step {
    return {
      title: `Stack ${this.stackName}`,
      run: async () => {
        const pending = (await stackState(this.stack))?.pending ?? [];
        if (pending.length === 0) return;
        throw new Failure("The last update was cut off in the middle of these. Nothing was done.", [
          ...pending.map(({ doing, label }) => `  ${doing} ${label}`),
          `\`make recover STACK=${this.stackName}\` finds out how they ended; see`,
          "docs/runbooks/interrupted-update.md.",
        ]);
      },
    };
  }

  /** Engine and plugins. */
  getEngine(): Step {
    return {
      title: "Pulumi engine and plugins",
      about: "seconds; the first time they are downloaded or, without their hosts, built",
      run: async () => {
        const cluster = this.isLocal ? await this.clusterKind() : undefined;
        this.engine = await provideEngine(this.here, {
          docker: await this.imagesAreBuilt(),
          cluster: cluster === "simulated",
        });
        if (!this.isLocal && this.engine.plugins.aws?.source === "modules") {
          say("The AWS plugin that is built from modules is made for the local platform alone:");
          say("for a real account, use the official one.");
        }
      },
    };
  }

  /** The local AWS, Kubernetes and image registry. */
  startPlatform(): Step {
    return {
      title: "Local platform",
      about: "about 10 s; the first time some minutes more",
      run: async () => {
        const images = this.engine?.plugins.docker !== undefined && (await this.imagesAreBuilt());
        const kind = await this.clusterKind();
        this.platform = await providePlatform(this.here, this.settings, kind, images);
      },
    };
  }

  /** The stack, ready for an update whatever ended the last one. */
  readyStack(): Step {
    return {
      title: `Stack ${this.stackName}`,
      about: "its state is in .groundwork/state",
      run: async () => {
        await createStack(this.stack);
        await clearStaleLocks(this.stack);
        await endLeftOverPlugins(this.here);
        await this.clearPendingOperations();
      },
    };
  }

  /** The stack with the environment that pulumi needs; only after the steps above. */
  get stack(): Stack {
    if (this.engine === undefined) throw new Error("the engine is not chosen yet");
    const { here, engine, isLocal, platform } = this;
    const env = environment({ here, engine, isLocal, platform });
    return { here, name: this.stackName, engine, env };
  }

  /** Whether the platform may have lost resources that the state still has. */
  get needsRefresh(): boolean {
    return this.isLocal && needsRefresh(this.here, this.stackName);
  }

  /** After an update that looked at everything, the state is true again. */
  noteRefreshed(): void {
    noteRefreshed(this.here, this.stackName);
  }

  /**
   * An engine that was killed leaves operations of which nobody knows how they ended. A refresh
   * finds out about all but those that were making something: what they made would be in the way
   * of the next try. The emulator holds nothing of worth, so it is emptied, and everything in it
   * is made again. The Kubernetes objects are deleted.
   */
  private async clearPendingOperations(): Promise<void> {
    const state = await stackState(this.stack);
    if (state === undefined || state.pending.length === 0) return;
    say(`the last update was killed in the middle of ${state.pending.length} operation(s)`);
    noteLoss(this.here, "An update was killed.");
    if (!state.pending.some(({ doing }) => doing === "creating")) return;
    if (this.platform?.ownEmulator) await emptyEmulator(this.platform.awsEndpoint);
    for (const { kubectl } of state.pending) {
      if (kubectl !== undefined) await this.runKubectl(kubectl);
    }
    const options = ["--clear-pending-creates", "--run-program", "--yes", "--skip-preview"];
    if ((await pulumi(this.stack, ["refresh", ...options])) !== 0) {
      throw new Failure("The operations that were pending can't be cleared (see above).", [
        "`make reset` throws the local platform and the stack's state away.",
      ]);
    }
    this.noteRefreshed();
  }

  private async runKubectl(args: readonly string[]): Promise<void> {
    const own = join(this.here.bin, "kubectl");
    const { kubeContext } = this.platform ?? {};
    const context = kubeContext === undefined ? [] : ["--context", kubeContext];
    const { code, stderr } = await capture(
      isExecutable(own) ? own : "kubectl",
      [...args, ...context],
      {
        env: this.stack.env,
      },
    );
    if (code !== 0) {
      throw new Failure(`kubectl ${args.join(" ")} failed:`, [stderr.trim()]);
    }
  }

  private async clusterKind(): Promise<ClusterKind> {
    const containerEngine = await this.imagesAreBuilt();
    const kind = chooseCluster(this.settings, { kind: hasKind(), containerEngine });
    if (kind !== "simulated" || process.platform === "linux") return kind;
    throw new Failure("Only Linux can build the simulated cluster.", [
      "Install kind and start a container engine, or name a cluster of your own:",
      `pulumi config set --stack ${this.stackName} kubeconfig PATH`,
    ]);
  }

  private get settings(): PlatformSettings {
    return readSettings(this.here.root, this.stackName);
  }

  private imagesAreBuilt(): Promise<boolean> {
    this.buildsImages ??= this.isLocal ? containerEngineRuns() : Promise.resolve(false);
    return this.buildsImages;
  }
}
