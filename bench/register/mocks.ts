import * as pulumi from "@pulumi/pulumi";
import { registerServices, type Way } from "./services";

// Registers services without an engine: node --import tsx bench/register/mocks.ts "by hand" 100

async function main([way, count]: readonly string[]): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => inputs,
  });
  registerServices(way as Way, Number(count));
  await pulumi.runtime.disconnect();
}

void main(process.argv.slice(2));
