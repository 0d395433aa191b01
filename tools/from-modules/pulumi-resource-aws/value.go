package main

import (
	"bytes"
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
)

// asString gives the string that Terraform wants for what @pulumi/aws also accepts in its place:
// a resource for its ID, an asset or archive for the path of a file, an object for its JSON.
func asString(v resource.PropertyValue) (resource.PropertyValue, error) {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	switch {
	case v.IsSecret():
		s, err := asString(v.SecretValue().Element)
		return resource.MakeSecret(s), err

	case v.IsResourceReference():
		id, ok := v.ResourceReferenceValue().IDString()
		if !ok || id == "" {
			return unknown, nil
		}
		return resource.NewStringProperty(id), nil

	case v.IsAsset():
		content, err := v.AssetValue().Bytes()
		if err != nil {
			return v, err
		}
		path, err := keep(content, "", "")
		return resource.NewStringProperty(path), err

	case v.IsArchive():
		var zip bytes.Buffer
		a := v.ArchiveValue()
		if err := a.Archive(archive.ZIPArchive, &zip); err != nil {
			return v, err
		}
		// The zip's bytes vary with time stamps; the archive's own hash covers only its content.
		path, err := keep(zip.Bytes(), a.Hash, ".zip")
		return resource.NewStringProperty(path), err

	case v.IsObject() || v.IsArray():
		if v.ContainsUnknowns() {
			return unknown, nil
		}
		text, err := json.Marshal(plainValue(v))
		s := resource.NewStringProperty(string(text))
		if v.ContainsSecrets() {
			s = resource.MakeSecret(s)
		}
		return s, err
	}
	return v, nil
}

// plainValue is v as JSON would have it, its secrets laid open.
func plainValue(v resource.PropertyValue) any {
	open := func(x resource.PropertyValue) (any, bool) {
		if x.IsSecret() {
			return plainValue(x.SecretValue().Element), true
		}
		return nil, false
	}
	return v.MapRepl(nil, open)
}
