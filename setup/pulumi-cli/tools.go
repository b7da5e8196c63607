//go:build tools

// Package tools names the command that setup/pulumi-cli.js builds, so that go.mod and go.sum lock what it is made of.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
