package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// keep writes content to a file named after its hash, so that the path, which is what Terraform
// compares, changes exactly when the content does.
func keep(content []byte, hash, extension string) (string, error) {
	if hash == "" {
		sum := sha256.Sum256(content)
		hash = hex.EncodeToString(sum[:])
	}
	dir := os.Getenv("PULUMI_AWS_ASSETS")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "pulumi-resource-aws-assets")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, hash+extension)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	// Written aside and renamed: several providers may write the same file at once.
	aside, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return "", err
	}
	if _, err := aside.Write(content); err != nil {
		return "", err
	}
	if err := aside.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(aside.Name(), path)
}
