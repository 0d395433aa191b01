import * as pulumi from "@pulumi/pulumi";
import { type Kind, kinds } from "./kinds";
import type { Way } from "./services";

// Registers many without an engine: node --import tsx bench/register/mocks.ts functions "by hand" 100

async function main([kind, way, count]: readonly string[]): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => inputs,
  });
  kinds[kind as Kind](way as Way, Number(count));
  await pulumi.runtime.disconnect();
}

void main(process.argv.slice(2));
