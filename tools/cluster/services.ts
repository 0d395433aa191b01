import type { ExportedStack } from "../cut-off";
import { Failure } from "../support/failure";

/** A Kubernetes Service of a stack. */
export interface DeployedService {
  readonly name: string;
  readonly namespace: string;
  /** What selects its pods, as the Kubernetes API takes it. */
  readonly selector: string;
  readonly ports: readonly ServicePort[];
}

/** A TCP port of a Service. */
export interface ServicePort {
  readonly port: number;
  /** The pods' port, by number or by name. */
  readonly targetPort: number | string;
}

/** The Services in a stack's state that have pods, in the order of their names. */
export function deployedServices({ deployment }: ExportedStack): DeployedService[] {
  return (deployment?.resources ?? [])
    .filter(({ type }) => type === "kubernetes:core/v1:Service")
    .map(({ outputs }) => {
      const { metadata, spec } = Object(outputs);
      const ports: readonly Record<string, unknown>[] = spec?.ports ?? [];
      return {
        name: String(metadata?.name),
        namespace: String(metadata?.namespace),
        selector: Object.entries(Object(spec?.selector))
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
        ports: ports
          .filter(({ protocol = "TCP" }) => protocol === "TCP")
          .map(({ port, targetPort }) => ({
            port: Number(port),
            targetPort: (targetPort ?? port) as number | string,
          })),
      };
    })
    .filter(({ selector, ports }) => selector !== "" && ports.length > 0)
    .sort((one, other) => one.name.localeCompare(other.name));
}

/**
 * Finds a Service by its name.
 * @throws {Failure} when there is none of that name, with those that there are
 */
export function findService(state: ExportedStack, name: string): DeployedService {
  const services = deployedServices(state);
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  const names = services.map((service) => service.name).join(", ");
  throw new Failure(name === "" ? "No service is given." : `There is no service ${name}.`, [
    `Give SERVICE, one of: ${names || "none, the stack has no services"}`,
  ]);
}
