import { PolicyPack } from "@pulumi/policy";
import { getStack } from "@pulumi/pulumi";
import { environments } from "../config";
import { asPolicies } from "./pack";
import { rulesFor } from "./rules";

const { rules, enforcementLevel } = rulesFor(getStack(), environments);

new PolicyPack("groundwork", { enforcementLevel, policies: asPolicies(rules) });
