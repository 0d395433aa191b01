import type * as pulumi from "@pulumi/pulumi";
import { createFunctions } from "./aws-functions";
import { createRegistries } from "./aws-registries";
import { createSources } from "./aws-sources";
import { createStores, type Stores } from "./aws-stores";

/** With what has to be given and no more, and with every argument. */
export type Kind = "default" | "full";

/** What the components are given that none of them makes. */
export interface Surroundings {
  readonly kmsKeyArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly accessPointArn: pulumi.Input<string>;
}

/** Surroundings for the mocks, where nothing has to be there. */
export const mocked: Surroundings = {
  kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0"],
  accessPointArn:
    "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0",
};

/** What is left out where it can't be made: by component, its arguments, or all of it. */
export type LeftOut = Readonly<Record<string, readonly string[] | "all">>;

/** How components are deployed together. */
interface Deployed {
  readonly around?: Surroundings;
  readonly leftOut?: LeftOut;
  readonly opts?: pulumi.ComponentResourceOptions;
}

/** One deployment of all components, of one kind. */
export class Deployment {
  readonly around: Surroundings;
  readonly opts: pulumi.ComponentResourceOptions;
  private readonly leftOut: LeftOut;

  constructor(
    private readonly kind: Kind,
    { around = mocked, leftOut = {}, opts = {} }: Deployed,
  ) {
    this.around = around;
    this.leftOut = leftOut;
    this.opts = opts;
  }

  /** A name that no other kind has. */
  name(name: string): string {
    return `${name}-${this.kind}`;
  }

  /** Whether a component is made at all. */
  has(component: string): boolean {
    return this.leftOut[component] !== "all";
  }

  /** Whether the components have every argument. */
  get isFull(): boolean {
    return this.kind === "full";
  }

  /**
   * The arguments of a component. The compiler says when one is missing.
   * @typeParam Left the arguments that exclude one of the others
   */
  args<Args extends object, Left extends keyof Args = never>(
    component: string,
    least: Args,
    full: Required<Omit<Args, Left>>,
  ): Args {
    if (!this.isFull) return least;
    const left = this.leftOut[component] ?? [];
    const kept = Object.entries(full).filter(([argument]) => !left.includes(argument));
    return Object.fromEntries(kept) as Args;
  }
}

/**
 * Every component on AWS.
 * @returns where events can be sent
 */
export function deployEvery(kind: Kind, deployed: Deployed = {}): Stores {
  const deployment = new Deployment(kind, deployed);
  createRegistries(deployment);
  const stores = createStores(deployment);
  createSources(deployment, stores, createFunctions(deployment, stores));
  return stores;
}
