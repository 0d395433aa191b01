package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

// namesByToken gives Terraform's name of each resource.
func namesByToken(info tfbridge.ProviderInfo) map[string]string {
	names := make(map[string]string, len(info.Resources))
	for name, r := range info.Resources {
		names[string(r.Tok)] = name
	}
	return names
}

// plainURN maps the deprecated ...V2 tokens of version 7 (aws.s3.BucketV2 and its kin) to the
// resource that they are another name for: Terraform knows it under one name only.
func plainURN(urn string, names map[string]string) string {
	parts := strings.Split(urn, "::")
	if len(parts) < 4 {
		return urn
	}
	types := strings.Split(parts[2], "$")
	token := types[len(types)-1]
	if names[token] != "" || !strings.HasSuffix(token, "V2") {
		return urn
	}
	plain := strings.Replace(strings.TrimSuffix(token, "V2"), "V2:", ":", 1)
	if names[plain] == "" {
		return urn
	}
	types[len(types)-1] = plain
	parts[2] = strings.Join(types, "$")
	return strings.Join(parts, "::")
}
