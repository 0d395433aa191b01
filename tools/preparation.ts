import { environmentKind, isLocal } from "../config/environments";
import { init } from "../config/mending";
import { checkStackFile } from "../config/stack-file";
import { adopt, cutOff, forget, lostWith, withPending } from "./cut-off";
import { forgetCodeAhead } from "./dev/ahead";
import { type Engine, provideEngine } from "./engine/engine";
import type { Decision } from "./machine/decision";
import { wishesOf } from "./machine/wishes";
import { emptyEmulator } from "./platform/aws";
import { environment, passphraseOf } from "./platform/environment";
import { kubectl } from "./platform/kubectl";
import type { ClusterKind } from "./platform/kubernetes";
import {
  forgottenResources,
  hadState,
  losses,
  noteForgotten,
  noteForgottenResources,
  noteLoss,
  noteState,
} from "./platform/losses";
import { type Platform, providePlatform, rebuildImages, removePlatform } from "./platform/platform";
import { hasState, repairHome, repairState } from "./repair";
import {
  clearStaleLocks,
  createStack,
  exportStack,
  forgetInDoubt,
  importStack,
  inDoubt,
  keepInDoubt,
  lookAt,
  type Stack,
  stackState,
} from "./stack";
import { Failure } from "./support/failure";
import type { Layout } from "./support/layout";
import { type PlatformSettings, readSettings } from "./support/settings";
import { type Step, say } from "./support/steps";
import { target } from "./support/target";

/** Says that resources were taken out of a stack's state; no lines when there are none. */
export function forgottenInWords(here: Layout, stack: string): string[] {
  const count = forgottenResources(here, stack).length;
  if (count === 0) return [];
  return [
    `FORGOTTEN: ${count} ${count === 1 ? "resource" : "resources"} of ${stack} that the local platform has lost;`,
    `\`${target("up", stack)}\` makes them again`,
  ];
}

/** What has to be there before pulumi can work on a stack, as steps that commands put together. */
export class Preparation {
  /** Whether the stack lives on the local platform. */
  readonly isLocal: boolean;
  private engine: Engine | undefined;
  private platform: Platform | undefined;
  private decision: Decision | undefined;

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
        const passphrase = passphraseOf(this.isLocal);
        const problems = checkStackFile(this.here.root, this.stackName, passphrase);
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
      about: "the first time some minutes",
      run: async () => {
        const wishes = wishesOf(this.here, this.stackName);
        const { engine, decision } = await provideEngine(this.here, wishes);
        this.engine = engine;
        this.decision = decision;
        if (!this.isLocal && this.engine.plugins.aws?.source === "modules") {
          say("The AWS plugin that is built from modules is made for the local platform alone:");
          say("for a real account, use the official one.");
        }
      },
    };
  }

  /**
   * The local AWS, Kubernetes and image registry.
   * @param deploys Whether the program runs after it, and needs images.
   */
  startPlatform(deploys = true): Step {
    return {
      title: "Local platform",
      about: "about 10 s; the first time some minutes more",
      run: async () => {
        if (this.decision === undefined) throw new Error("nothing is decided yet");
        const { cluster, images } = this.decision;
        await this.refuseLostState(cluster.kind);
        const source = deploys ? images : undefined;
        this.platform = await providePlatform(this.here, this.settings, cluster.kind, source);
      },
    };
  }

  /** Builds the images again that `docker build` builds; where their files are the same, it doesn't. */
  async rebuildImages(): Promise<void> {
    if (this.platform?.webImage === undefined) return;
    this.platform = await rebuildImages(this.here, this.settings, this.platform);
  }

  /** The stack, ready for an update whatever ended the last one. */
  readyStack(): Step {
    return {
      title: `Stack ${this.stackName}`,
      about: "its state is in .groundwork/state",
      run: async () => {
        repairHome(this.here.pulumiHome);
        await createStack(this.stack);
        noteState(this.here, this.stackName);
        await clearStaleLocks(this.stack);
        await this.mendState();
        await forgetCodeAhead(this.stack);
        for (const line of forgottenInWords(this.here, this.stackName)) say(line);
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

  /**
   * Without its state nobody knows what a stack has made: an update would make a second one of
   * everything. So the platform begins from nothing, where it is ours.
   */
  private async refuseLostState(kind: ClusterKind): Promise<void> {
    for (const name of repairState(this.here.state)) {
      say(`the state of ${name} was damaged: it is kept as ${name}.json.damaged`);
    }
    if (!hadState(this.here, this.stackName) || hasState(this.here.state, this.stackName)) return;
    const foreign = [
      ...(this.settings.awsEndpoint === undefined ? [] : [this.settings.awsEndpoint]),
      ...(kind === "configured" ? ["the cluster of your own"] : []),
    ];
    if (foreign.length > 0) {
      throw new Failure(`The state of ${this.stackName} is gone, and nobody knows what it made.`, [
        `Delete that in ${foreign.join(" and ")}, then \`make reset\` begins from nothing.`,
      ]);
    }
    say(`the state of ${this.stackName} is gone, and nobody knows what it made:`);
    say("the local platform is thrown away and made again");
    await removePlatform(this.here);
  }

  /**
   * Puts the state right. What a part of the platform held that was started afresh is gone. An
   * engine or a plugin that was killed leaves operations of which nobody knows how they ended: of
   * updates and deletions a look tells, but what was being made would be in the way of the next
   * try. So the objects in Kubernetes are deleted; the emulator holds nothing of worth and is
   * emptied.
   */
  private async mendState(): Promise<void> {
    const { here, stack, stackName } = this;
    const exported = await exportStack(stack);
    if (exported === undefined) return;
    const state = withPending(exported, inDoubt(stack));
    const operations = cutOff(state);
    if (operations.length > 0) {
      say(`the last update was broken off in the middle of ${operations.length} operation(s)`);
      keepInDoubt(stack, state.deployment?.pending_operations ?? []);
    }
    const made = operations.filter(
      ({ doing, label }) => doing === "creating" && label.startsWith("aws:"),
    );
    if (made.length > 0 && this.platform?.ownEmulator) {
      noteLoss(here, "aws");
      await emptyEmulator(this.platform.awsEndpoint);
    } else {
      for (const { label, physicalName } of made) {
        say(`delete it if it is there: ${label}, named ${physicalName ?? "by AWS"}`);
      }
    }
    for (const { kubectl } of operations) {
      if (kubectl !== undefined) await this.runKubectl(kubectl);
    }
    const lost = losses(here, stackName);
    if (operations.length > 0 || lost.length > 0) {
      const mended = forget(adopt(state, new Map()), lost);
      const forgotten = lostWith(state, lost);
      if (forgotten.length > 0) noteForgottenResources(here, stackName, forgotten);
      await importStack(stack, mended);
      noteForgotten(here, stackName);
      if ((await lookAt(stack, mended, operations)) !== 0) {
        throw new Failure("Nobody knows how the operations that were killed ended (see above).", [
          "`make reset` throws the local platform and the stack's state away.",
        ]);
      }
    }
    forgetInDoubt(stack);
  }

  private async runKubectl(args: readonly string[]): Promise<void> {
    const { kubeContext } = this.platform ?? {};
    const { code, stderr } = await kubectl(this.here, args, {
      context: kubeContext,
      env: this.stack.env,
    });
    if (code !== 0) {
      throw new Failure(`kubectl ${args.join(" ")} failed:`, [stderr.trim()]);
    }
  }

  private get settings(): PlatformSettings {
    return readSettings(this.here.root, this.stackName);
  }
}
