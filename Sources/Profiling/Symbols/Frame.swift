// SPDX-License-Identifier: Apache-2.0

/// A function that an address belongs to, as people name it.
package struct Frame: Sendable, Hashable {
    /// The function.
    ///
    /// Where its name is not known, the object stands for it; where that is not known either, the address, as `0x1f`.
    package let function: String
    /// The Swift module that the function is of, such as `Tasklets` or `Swift`.
    ///
    /// Nil for what is no Swift function, and for thunks that belong to no module.
    package let module: String?
    /// The file name of the executable or library, or the kernel's name for what is no file: `[vdso]`.
    package let object: String?
    /// The source file, where there is debug information.
    package let file: String?
    /// The line in the source file, from 1; nil too for code that the compiler made up.
    package let line: Int?

    package init(
        function: String,
        module: String? = nil,
        object: String? = nil,
        file: String? = nil,
        line: Int? = nil
    ) {
        self.function = function
        self.module = module
        self.object = object
        self.file = file
        self.line = line
    }
}
