// gen computes ../mapping/table.json.gz: which Pulumi names @pulumi/aws uses for the Terraform
// provider's resources, data sources and their attributes. Upstream decides this by hand, in a
// repository that is not published as a Go module; but nearly all of it shows in the names and
// shapes on both sides. The README says how to run it.
package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"log"
	"maps"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/proto"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// report receives, for a person to look through, every choice that rests on likeness alone.
var report = bufio.NewWriter(os.Stdout)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: gen SDK.json TABLE.json.gz >REPORT.txt")
	}
	sdk := readSDK(os.Args[1])
	client, kill, err := terraform.Start()
	check(err)
	defer kill()
	provider := proto.New(context.Background(), &terraform.Server{Client: client})

	table := &mapping.Table{
		Version:     sdk.Version,
		Resources:   resources(provider, sdk),
		DataSources: dataSources(provider, sdk),
		Config:      joiner{sdk.In}.top("provider", provider.Schema(), sdk.Provider),
	}
	write(os.Args[2], table)
	check(report.Flush())
	log.Printf("%d of %d resources, %d of %d data sources",
		len(table.Resources), provider.ResourcesMap().Len(),
		len(table.DataSources), provider.DataSourcesMap().Len())
}

func resources(provider shim.Provider, sdk *sdk) map[string]*mapping.Entity {
	schemas := schemasOf(provider.ResourcesMap())
	states := map[string]properties{}
	for token, r := range sdk.Resources {
		states[token] = r.State
	}
	out := map[string]*mapping.Entity{}
	for name, token := range pair("resource", schemas, states, "") {
		r := sdk.Resources[token]
		all := maps.Clone(r.State)
		for key, arg := range r.Args {
			// An input may say more than the output of that name: that it takes an asset.
			if state, ok := all[key]; !ok || state.Type.Primitive == "s" {
				all[key] = arg
			}
		}
		entity := &mapping.Entity{Token: token, Fields: joiner{sdk.In}.top(name, schemas[name], all)}
		markAutoNames(name, schemas[name], r.Args, entity)
		out[name] = entity
	}
	return out
}

func dataSources(provider shim.Provider, sdk *sdk) map[string]*mapping.Entity {
	schemas := schemasOf(provider.DataSourcesMap())
	functions := map[string]properties{}
	for token, f := range sdk.Functions {
		functions[token] = maps.Clone(f.Args)
		maps.Copy(functions[token], f.Result)
	}
	out := map[string]*mapping.Entity{}
	for name, token := range pair("data", schemas, functions, "get") {
		fields := joiner{sdk.Out}.top("data "+name, schemas[name], functions[token])
		out[name] = &mapping.Entity{Token: token, Fields: fields}
	}
	return out
}

func schemasOf(m shim.ResourceMap) map[string]shim.SchemaMap {
	out := map[string]shim.SchemaMap{}
	m.Range(func(name string, r shim.Resource) bool {
		out[name] = r.Schema()
		return true
	})
	return out
}

func write(path string, table *mapping.Table) {
	file, err := os.Create(path)
	check(err)
	zip, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	check(err)
	check(json.NewEncoder(zip).Encode(table))
	check(zip.Close())
	check(file.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
