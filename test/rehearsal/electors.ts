import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Namespace, Worker } from "../../components";

// Added to the program of a clone: two pods of which one leads.
const opts = {
  providers: [new Provider("electors", { kubeconfig: process.env["KUBECONFIG"] ?? "" })],
};
const namespace = new Namespace("electors", { namespaceName: "electors" }, opts);
new Worker(
  "elector",
  {
    namespace,
    image: process.env["REHEARSAL_IMAGE"] ?? "",
    replicas: 2,
    command: ["python", "-u", "/etc/elector/elect.py"],
    files: {
      "/etc/elector": {
        config: { "elect.py": readFileSync(join(__dirname, "elect.py"), "utf8") },
      },
    },
    livenessCommand: ["true"],
    readinessCommand: ["test", "-e", "/etc/elector/elect.py"],
    leaderElection: { apiServerAt: [process.env["REHEARSAL_API_SERVER"] ?? ""] },
  },
  opts,
);
