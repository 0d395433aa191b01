import { ArgumentCheck } from "../arguments";
import { dnsLabel } from "../rules";
import { checkDeployment, type DeploymentArgs, deploymentArguments } from "./deployment-args";
import { leaderVariables } from "./leader-election";
import { type HashOn, serviceAffinity } from "./load-balancing";
import { checkScaling, type Scaling } from "./scaling";
import { checkService, type ServiceArgs, serviceArguments } from "./service-args";

/** Arguments of {@link Microservice}. */
export interface MicroserviceArgs extends ServiceArgs, DeploymentArgs<Scaling> {
  /**
   * By what callers within the cluster are told apart, so that the same come to the same pod. A
   * Service sees addresses alone, so it takes `{ source: true }`; for headers and cookies of those
   * outside, {@link Route} has it.
   * @default any pod may get any request
   * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity
   */
  readonly hashOn?: HashOn;
}

/**
 * Checks the arguments of a microservice, and completes them.
 * @throws {InvalidArgumentsError} with everything that is wrong
 */
export function checkMicroservice(type: string, name: string, args: MicroserviceArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<MicroserviceArgs>(args, {
    ...serviceArguments,
    ...deploymentArguments,
    hashOn: true,
  });
  check.required("name", name, dnsLabel);
  const ownVariables = args.leaderElection === undefined ? [] : leaderVariables;
  const service = checkService(check, name, args, ownVariables);
  const deployment = checkDeployment(check, args, checkScaling);
  const checked = {
    ...service,
    ...deployment,
    allowTo: [...service.allowTo, ...deployment.toApiServer],
    sessionAffinity: serviceAffinity(check, args.hashOn),
  };
  check.throwIfAny();
  return checked;
}
