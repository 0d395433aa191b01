// pulumi-resource-kubernetes is the upstream plugin's main, which upstream does not publish in a
// form that builds outside its repository: there, a generator first writes the schema into it.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

// The build copies it from the upstream module: 5 MB that need not be kept twice.
//
//go:embed schema.json
var schema []byte

// The last argument lists how this package's Terraform-era names were mapped; it matters only to
// `pulumi convert`.
func main() { provider.Serve("kubernetes", version.Version, schema, []byte("{}")) }
