import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type HashOn, ingressHashing } from "./load-balancing";
import { servicePort } from "./network";

/** What {@link ingressSpec} and {@link ingressAnnotations} make an Ingress of. */
export interface IngressArgs {
  readonly ingressClass: string;
  readonly service: string;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly certificateSecret: pulumi.Input<string>;
  readonly issuer: string | undefined;
  readonly maxBodyMiB: number;
  readonly timeoutSeconds: number;
  readonly hashOn: HashOn | undefined;
}

/**
 * Annotations for ingress-nginx, and for cert-manager where it is to get the certificate. HSTS is
 * not among them: the controller sends it by default to whoever comes over TLS.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 * @see https://cert-manager.io/docs/usage/ingress/
 */
export function ingressAnnotations(args: IngressArgs): Readonly<Record<string, string>> {
  return {
    "nginx.ingress.kubernetes.io/ssl-redirect": "true",
    "nginx.ingress.kubernetes.io/proxy-body-size": `${args.maxBodyMiB}m`,
    "nginx.ingress.kubernetes.io/proxy-read-timeout": String(args.timeoutSeconds),
    "nginx.ingress.kubernetes.io/proxy-send-timeout": String(args.timeoutSeconds),
    ...(args.issuer !== undefined && { "cert-manager.io/cluster-issuer": args.issuer }),
    ...(args.hashOn && ingressHashing(args.hashOn)),
  };
}

/** An Ingress that leads every path of every host to the service, over TLS. */
export function ingressSpec(args: IngressArgs): types.input.networking.v1.IngressSpec {
  const backend = { service: { name: args.service, port: { number: servicePort } } };
  return {
    ingressClassName: args.ingressClass,
    tls: [{ hosts: [...args.hosts], secretName: args.certificateSecret }],
    rules: args.hosts.map((host) => ({
      host,
      http: { paths: args.paths.map((path) => ({ path, pathType: "Prefix", backend })) },
    })),
  };
}
