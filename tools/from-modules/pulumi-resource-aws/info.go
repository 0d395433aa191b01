package main

import (
	"context"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdktokens "github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// providerInfo turns the table into what the bridge wants to know.
func providerInfo(p shim.Provider, table *mapping.Table) tfbridge.ProviderInfo {
	out := tfbridge.ProviderInfo{
		P:              p,
		Name:           "aws",
		Version:        version,
		ResourcePrefix: "aws",
		MetadataInfo:   &tfbridge.MetadataInfo{Path: "", Data: tfbridge.ProviderMetadata(nil)},
		Config:         schemaInfos(table.Config),
		Resources:      map[string]*tfbridge.ResourceInfo{},
		DataSources:    map[string]*tfbridge.DataSourceInfo{},
		// Without it a preview shows only that something changes, not which fields.
		EnableAccuratePFBridgePreview: true,
	}
	for name, entity := range table.Resources {
		out.Resources[name] = resourceInfo(p, name, entity)
	}
	for name, entity := range table.DataSources {
		out.DataSources[name] = &tfbridge.DataSourceInfo{
			Tok:    sdktokens.ModuleMember(entity.Token),
			Fields: schemaInfos(entity.Fields),
		}
	}
	return out
}

func resourceInfo(p shim.Provider, name string, entity *mapping.Entity) *tfbridge.ResourceInfo {
	out := &tfbridge.ResourceInfo{Tok: sdktokens.Type(entity.Token), Fields: schemaInfos(entity.Fields)}
	for key, field := range entity.Fields {
		if field.AutoName {
			out.Fields[key].Default = autoName(name)
		}
	}
	out.PreCheckCallback = preCheck(p, name, entity, out)
	if _, own := p.ResourcesMap().Get(name).Schema().GetOk("region"); !own {
		out.TransformOutputs = addRegion
	}
	return out
}

// addRegion gives resources the output that version 6 of the Terraform provider added to each.
func addRegion(_ context.Context, out resource.PropertyMap) (resource.PropertyMap, error) {
	if region := terraform.Region(); region != "" && out != nil {
		out = out.Copy()
		out["region"] = resource.NewStringProperty(region)
	}
	return out, nil
}

func schemaInfos(fields map[string]*mapping.Field) map[string]*tfbridge.SchemaInfo {
	if fields == nil {
		return nil
	}
	out := make(map[string]*tfbridge.SchemaInfo, len(fields))
	for key, field := range fields {
		out[key] = schemaInfo(field)
	}
	return out
}

func schemaInfo(f *mapping.Field) *tfbridge.SchemaInfo {
	if f == nil {
		return nil
	}
	return &tfbridge.SchemaInfo{
		Name:        f.Name,
		MaxItemsOne: f.One,
		Fields:      schemaInfos(f.Fields),
		Elem:        schemaInfo(f.Elem),
	}
}
