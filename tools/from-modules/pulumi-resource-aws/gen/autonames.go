package main

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
)

// markAutoNames marks the names that Pulumi makes up: those that Terraform wants and the program
// may leave out, and optional ones that are plainly called name.
func markAutoNames(resource string, schema shim.SchemaMap, args properties, entity *mapping.Entity) {
	for _, key := range keys(schema) {
		s := schema.Get(key)
		if s.Type() != shim.TypeString || !s.Required() && !s.Optional() {
			continue
		}
		field := entity.Fields[key]
		name := tfbridge.TerraformToPulumiNameV2(key, schema, nil)
		if field != nil && field.Name != "" {
			name = field.Name
		}
		arg, ok := args[name]
		auto := name == "name" || s.Required() && strings.HasSuffix(name, "Name") || resource == "aws_s3_bucket" && key == "bucket"
		if !ok || !arg.Optional || !auto || arg.Type.Primitive == "A" {
			continue
		}
		if name != "name" {
			fmt.Fprintf(report, "autoname %s.%s (%s)\n", resource, key, name)
		}
		if field == nil {
			field = &mapping.Field{}
			if entity.Fields == nil {
				entity.Fields = map[string]*mapping.Field{}
			}
			entity.Fields[key] = field
		}
		field.AutoName = true
	}
}
