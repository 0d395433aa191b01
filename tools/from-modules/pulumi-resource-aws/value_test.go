package main

import (
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
)

func object(key string, value resource.PropertyValue) resource.PropertyValue {
	return resource.NewObjectProperty(resource.PropertyMap{resource.PropertyKey(key): value})
}

func TestAsString(t *testing.T) {
	text := resource.NewStringProperty
	unknown := resource.MakeComputed(text(""))
	tests := map[string]struct{ in, want resource.PropertyValue }{
		"a string":                 {text("a"), text("a")},
		"an object":                {object("Version", text("2012-10-17")), text(`{"Version":"2012-10-17"}`)},
		"a list":                   {resource.NewArrayProperty([]resource.PropertyValue{text("a")}), text(`["a"]`)},
		"a secret":                 {resource.MakeSecret(object("k", text("v"))), resource.MakeSecret(text(`{"k":"v"}`))},
		"a secret inside":          {object("k", resource.MakeSecret(text("v"))), resource.MakeSecret(text(`{"k":"v"}`))},
		"something unknown inside": {object("k", unknown), unknown},
		"a resource":               {resource.MakeCustomResourceReference("urn:pulumi:a::b::c:d:E::f", "id-1", ""), text("id-1")},
		"a resource not there yet": {resource.MakeCustomResourceReference("urn:pulumi:a::b::c:d:E::f", "", ""), unknown},
	}
	for name, test := range tests {
		got, err := asString(test.in)
		if err != nil || !got.DeepEquals(test.want) {
			t.Errorf("%s: got %v (%v), want %v", name, got, err, test.want)
		}
	}
}

func TestAsStringWritesFiles(t *testing.T) {
	t.Setenv("PULUMI_AWS_ASSETS", t.TempDir())
	page, err := asset.FromText("hello")
	if err != nil {
		t.Fatal(err)
	}
	zip, err := archive.FromAssets(map[string]any{"index.html": page})
	if err != nil {
		t.Fatal(err)
	}

	path := stringOf(t, resource.NewAssetProperty(page))
	if content, err := os.ReadFile(path); err != nil || string(content) != "hello" {
		t.Errorf("the asset's file holds %q (%v)", content, err)
	}
	path = stringOf(t, resource.NewArchiveProperty(zip))
	if content, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(content), "PK") {
		t.Errorf("the archive's file is no zip: %q (%v)", content, err)
	}
	if again := stringOf(t, resource.NewArchiveProperty(zip)); again != path {
		t.Errorf("the same archive went to %s and to %s", path, again)
	}
}

func stringOf(t *testing.T, v resource.PropertyValue) string {
	t.Helper()
	s, err := asString(v)
	if err != nil {
		t.Fatal(err)
	}
	return s.StringValue()
}
