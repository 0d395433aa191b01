import * as pulumi from "@pulumi/pulumi";

/**
 * A name that nothing in another stack of the account has: project, stack and the component's own.
 * For the few things in AWS that Pulumi makes no names for.
 */
export function nameInStack(name: string): string {
  // A stack's name may have dots, which names in AWS have not.
  const whole = [pulumi.getProject(), pulumi.getStack(), name].join("-");
  return whole.replaceAll(/[^A-Za-z0-9_-]/g, "-");
}
