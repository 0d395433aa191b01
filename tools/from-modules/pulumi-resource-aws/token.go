package main

import (
	"strings"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
)

// tokens is the set of resource tokens in the table.
func tokens(table *mapping.Table) map[string]bool {
	known := make(map[string]bool, len(table.Resources))
	for _, r := range table.Resources {
		known[r.Token] = true
	}
	return known
}

// plainURN maps the deprecated ...V2 tokens of version 7 (aws.s3.BucketV2 and its kin) to the
// resource that they are another name for: Terraform knows it under one name only.
func plainURN(urn string, known map[string]bool) string {
	parts := strings.Split(urn, "::")
	if len(parts) < 4 {
		return urn
	}
	types := strings.Split(parts[2], "$")
	token := types[len(types)-1]
	if known[token] || !strings.HasSuffix(token, "V2") {
		return urn
	}
	plain := strings.Replace(strings.TrimSuffix(token, "V2"), "V2:", ":", 1)
	if !known[plain] {
		return urn
	}
	types[len(types)-1] = plain
	parts[2] = strings.Join(types, "$")
	return strings.Join(parts, "::")
}
