package main

import (
	"testing"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
)

func TestPlainURN(t *testing.T) {
	table, err := mapping.Load()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for name, r := range table.Resources {
		names[r.Token] = name
	}
	urn := func(types string) string { return "urn:pulumi:dev::shop::" + types + "::files" }
	tests := map[string]string{
		urn("aws:s3/bucket:Bucket"):                  urn("aws:s3/bucket:Bucket"),
		urn("aws:s3/bucketV2:BucketV2"):              urn("aws:s3/bucket:Bucket"),
		urn("shop:Store$aws:s3/bucketV2:BucketV2"):   urn("shop:Store$aws:s3/bucket:Bucket"),
		urn("aws:apigatewayv2/api:Api"):              urn("aws:apigatewayv2/api:Api"),
		urn("aws:invented/thingV2:ThingV2"):          urn("aws:invented/thingV2:ThingV2"),
		"urn:pulumi:dev::shop::pulumi:providers:aws": "urn:pulumi:dev::shop::pulumi:providers:aws",
	}
	for in, want := range tests {
		if got := plainURN(in, names); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
